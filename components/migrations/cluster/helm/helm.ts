import { spawn } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { withKubeconfigFile, type Connection } from "../connection";
import { dockerConfig, type RegistryLogin } from "../registry-login";
import { withPrivateFolder } from "../run/private-folder";

/** Helm 4 has other flags and another apply method; it is refused until it has been tested. */
export const helmVersions = ">=3.14.0 <4";

export class HelmError extends Error {
  constructor(
    readonly command: string,
    readonly output: string,
  ) {
    super(`helm ${command} failed: ${output}`);
  }
}

/** There is no helm on PATH. */
export class HelmMissingError extends Error {
  constructor() {
    super(`helm is not on PATH; install Helm ${helmVersions}`);
  }
}

interface HelmOptions {
  readonly stdin?: string;
  readonly signal?: AbortSignal;
  /** Also returns what helm wrote to standard error, where it reports what it does. */
  readonly withStderr?: boolean;
  /** Logs in to the registry of this chart. */
  readonly registry?: { readonly chart: string; readonly login: RegistryLogin | undefined };
}

/**
 * Runs helm, and returns what it wrote to standard output. Values are passed on standard input and logins in a file that
 * nobody else can read; any user of the machine could read arguments.
 */
export function helm(
  connection: Connection,
  args: readonly string[],
  { stdin = "", signal, withStderr = false, registry }: HelmOptions = {},
): Promise<string> {
  return withKubeconfigFile(connection, (kubeconfig) =>
    withRegistryConfig(registry, (registryConfig) => {
      const context = connection.context === undefined ? [] : ["--kube-context", connection.context];
      const cluster = kubeconfig === undefined ? [] : ["--kubeconfig", kubeconfig];
      const login = registryConfig === undefined ? [] : ["--registry-config", registryConfig];
      return run([...args, ...cluster, ...context, ...login], stdin, withStderr, signal);
    }),
  );
}

async function withRegistryConfig<T>(
  registry: HelmOptions["registry"],
  use: (path: string | undefined) => Promise<T>,
): Promise<T> {
  if (registry?.login === undefined) return use(undefined);
  const config = dockerConfig(registry.chart, registry.login);
  return withPrivateFolder((folder) => {
    const path = join(folder, "config.json");
    writeFileSync(path, config, { mode: 0o600 });
    return use(path);
  });
}

function run(
  args: readonly string[],
  stdin: string,
  withStderr: boolean,
  signal: AbortSignal | undefined,
): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn("helm", args, {
      stdio: ["pipe", "pipe", "pipe"],
      env: environment(),
      ...(signal === undefined ? {} : { signal }),
    });
    let stdout = "";
    let stderr = "";
    child.stdout.setEncoding("utf8").on("data", (text: string) => (stdout += text));
    child.stderr.setEncoding("utf8").on("data", (text: string) => (stderr += text));
    child.stdin.on("error", () => undefined); // helm may end before it has read everything
    child.stdin.end(stdin);
    child.on("error", (error: NodeJS.ErrnoException) => {
      reject(error.code === "ENOENT" ? new HelmMissingError() : error);
    });
    // SIGTERM lets helm mark its revision as failed; SIGKILL would leave its lock behind.
    const pass = (signal: NodeJS.Signals) => child.kill(signal === "SIGINT" ? "SIGTERM" : signal);
    process.on("SIGINT", pass).on("SIGTERM", pass);
    child.on("close", (status, signal) => {
      process.off("SIGINT", pass).off("SIGTERM", pass);
      if (status === 0) resolve(withStderr ? stdout + stderr : stdout);
      else
        reject(
          new HelmError(
            args[0] ?? "",
            (stderr || stdout).trim() ||
              `ended ${signal === null ? `with status ${status}` : `by ${signal}`} and said nothing`,
          ),
        );
    });
  });
}

/** Drops Helm's own variables: they could lead a hop to another cluster, or to a history that nothing else sees. */
function environment(): NodeJS.ProcessEnv {
  const own = /^HELM_(KUBE|NAMESPACE$|DRIVER)/;
  return {
    ...Object.fromEntries(Object.entries(process.env).filter(([name]) => !own.test(name))),
    HELM_DRIVER: "secret",
  };
}
