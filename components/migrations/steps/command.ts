import { spawn } from "node:child_process";
import { longestMilliseconds } from "./context";

/** How much of a command's output is kept; its last line is what counts. */
const outputKept = 4096;

export interface Ended {
  readonly status: number;
  /** The last line that it wrote, wherever to. */
  readonly lastLine: string;
  /** The last line of its standard output. */
  readonly answer: string;
}

/**
 * Runs a command of the user's, without a shell; one that hangs is ended when its time is over. Rejects where it could
 * not be started.
 */
export function runCommand(
  command: readonly string[],
  {
    timeout,
    signal,
    env = {},
  }: {
    readonly timeout: number;
    readonly signal: AbortSignal;
    readonly env?: Readonly<Record<string, string>>;
  },
): Promise<Ended> {
  const [program = "", ...args] = command;
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      stdio: ["ignore", "pipe", "pipe"],
      timeout: Math.ceil(Math.min(Math.max(timeout, 1000), longestMilliseconds)),
      signal,
      env: { ...process.env, ...env },
    });
    let output = "";
    let stdout = "";
    const take = (text: string) => (output = (output + text).slice(-outputKept));
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      stdout = (stdout + text).slice(-outputKept);
      take(text);
    });
    child.stderr.setEncoding("utf8").on("data", take);
    child.on("error", reject);
    child.on("exit", () => {
      // What it has started may live on, and would hold its output open.
      if (child.killed) [child.stdout, child.stderr].forEach((stream) => stream.destroy());
    });
    child.on("close", (status, killedBy) => {
      const said = lastLineOf(output);
      const lastLine = status === null ? withEnd(said, killedBy, child.killed) : said;
      resolve({ status: status ?? 1, lastLine, answer: lastLineOf(stdout) });
    });
  });
}

/** What it said last, with how it was ended: by us it is ended only when its time is over. */
function withEnd(said: string, signal: string | null, isOurs: boolean): string {
  const ended = `ended by ${signal ?? "a signal"}${isOurs ? ", as its time was over" : ""}`;
  return said === "" ? ended : `${said} (${ended})`;
}

function lastLineOf(text: string): string {
  return text.trim().split("\n").at(-1) ?? "";
}
