import { spawn } from "node:child_process";
import { longestMilliseconds } from "./context";

/** How much of a command's output is kept; its last line is what counts. */
const outputKept = 4096;

export interface Ended {
  readonly status: number;
  /** A signal has ended it, so it did not end by itself. */
  readonly isKilled: boolean;
  /** The last line that it wrote, wherever to. */
  readonly lastLine: string;
  /** The last line of its standard output. */
  readonly answer: string;
}

/**
 * Runs a command of the user's, without a shell; one that hangs is ended when its time is over. Rejects where it could
 * not be started. `started` is told the process, and its end is waited for.
 */
export function runCommand(
  command: readonly string[],
  {
    timeout,
    signal,
    env = {},
    started = () => Promise.resolve(),
  }: {
    readonly timeout: number;
    readonly signal: AbortSignal;
    readonly env?: Readonly<Record<string, string>>;
    readonly started?: (pid: number) => Promise<void>;
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
    // Whoever cannot be told of it knows less, and the command runs all the same.
    const told = child.pid === undefined ? undefined : started(child.pid).catch(() => undefined);
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
      const isKilled = status === null;
      const lastLine = isKilled ? withEnd(said, killedBy, child.killed) : said;
      const ended = { status: status ?? 1, isKilled, lastLine, answer: lastLineOf(stdout) };
      void Promise.resolve(told).then(() => resolve(ended));
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
