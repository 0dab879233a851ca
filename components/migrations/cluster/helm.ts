import { spawn } from "node:child_process";
import { withKubeconfigFile, type Connection } from "./connection";

/** Revisions that Helm keeps: at least twice the longest path, on the hops and on the Release alike. */
export const helmHistoryMax = 60;

export class HelmError extends Error {
  constructor(
    readonly command: string,
    readonly output: string,
  ) {
    super(`helm ${command} failed: ${output}`);
  }
}

/**
 * Runs helm. Values go in on standard input, never as arguments, where any user of the machine could read
 * them. Answers what helm wrote to standard output.
 */
export function helm(
  connection: Connection,
  args: readonly string[],
  { stdin = "", signal }: { readonly stdin?: string; readonly signal?: AbortSignal } = {},
): Promise<string> {
  return withKubeconfigFile(connection, async (kubeconfig) => {
    const context = connection.context === undefined ? [] : ["--kube-context", connection.context];
    const config = kubeconfig === undefined ? [] : ["--kubeconfig", kubeconfig];
    return run([...args, ...config, ...context], stdin, signal);
  });
}

function run(args: readonly string[], stdin: string, signal: AbortSignal | undefined): Promise<string> {
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
      reject(
        error.code === "ENOENT"
          ? new HelmError(args[0] ?? "", "helm is not on PATH; install Helm 3.14 or a later 3.x")
          : error,
      );
    });
    // SIGTERM lets helm mark its revision as failed; SIGKILL would leave its lock behind.
    const pass = (signal: NodeJS.Signals) => child.kill(signal === "SIGINT" ? "SIGTERM" : signal);
    process.on("SIGINT", pass).on("SIGTERM", pass);
    child.on("close", (status, signal) => {
      process.off("SIGINT", pass).off("SIGTERM", pass);
      if (status === 0) resolve(stdout);
      else reject(new HelmError(args[0] ?? "", (stderr || stdout).trim() || `ended by ${signal ?? "?"}`));
    });
  });
}

/** Helm's own variables could lead a hop to another cluster, or to a history that nothing else sees. */
function environment(): NodeJS.ProcessEnv {
  const own = /^HELM_(KUBE|NAMESPACE$|DRIVER)/;
  return {
    ...Object.fromEntries(Object.entries(process.env).filter(([name]) => !own.test(name))),
    HELM_DRIVER: "secret",
  };
}
