import { spawn } from "node:child_process";
import type { Cluster } from "./config";

/** A command that ended badly, in its own words. */
export class CommandFailed extends Error {}

export interface CommandOptions {
  stdin?: string;
  env?: NodeJS.ProcessEnv;
  signal?: AbortSignal;
}

/**
 * Runs helm or kubectl against the provider's cluster. What is secret goes in by standard input, and the way to the
 * cluster by the environment, so that neither is seen in a list of processes.
 */
export async function command(
  program: "helm" | "kubectl",
  args: string[],
  cluster: Cluster,
  { stdin, env, signal }: CommandOptions = {},
): Promise<string> {
  const child = spawn(
    program,
    program === "kubectl" && cluster.context ? ["--context", cluster.context, ...args] : args,
    {
      env: { ...environment(cluster), ...env },
      stdio: ["pipe", "pipe", "pipe"],
    },
  );
  child.stdin.on("error", () => undefined).end(stdin);
  const output = { stdout: "", stderr: "" };
  for (const stream of ["stdout", "stderr"] as const) {
    child[stream].setEncoding("utf8").on("data", (text: string) => (output[stream] += text));
  }
  // Helm marks its revision failed when it is told to end, which is what the real plugin does on a cancel.
  const end = () => child.kill("SIGTERM");
  signal?.addEventListener("abort", end, { once: true });
  if (signal?.aborted) end();
  try {
    const code = await new Promise<number | string>((resolve, reject) => {
      child.on("error", (error) =>
        reject(new CommandFailed(`${program} could not be started: ${error.message}`)),
      );
      child.on("close", (status, by) => resolve(status ?? by ?? "unknown"));
    });
    if (code === 0) return output.stdout;
    throw new CommandFailed(reason(output.stderr) || `${program} ${args[0] ?? ""} ended with ${code}`);
  } finally {
    signal?.removeEventListener("abort", end);
  }
}

function environment(cluster: Cluster): NodeJS.ProcessEnv {
  return {
    ...process.env,
    ...(cluster.kubeconfig && { KUBECONFIG: cluster.kubeconfig }),
    ...(cluster.context && { HELM_KUBECONTEXT: cluster.context }),
    HELM_DRIVER: process.env.PULUMI_K8S_HELM_DRIVER ?? "secret",
    HELM_DEBUG: "false",
  };
}

/** The error itself, without what helm's command line puts before it. */
function reason(stderr: string): string {
  const start = /^(?:Error: |error: )(?:INSTALLATION FAILED: |UPGRADE FAILED: )?/m.exec(stderr);
  return (start === null ? stderr : stderr.slice(start.index + start[0].length)).trim();
}
