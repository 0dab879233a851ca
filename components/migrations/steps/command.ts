import { spawn } from "node:child_process";
import { longestMilliseconds } from "./context";

/** How much of a command's output is kept; only its last line matters. */
const outputKept = 4096;

export interface Ended {
  readonly status: number;
  /** Whether a signal ended it, so that it did not end by itself. */
  readonly isKilled: boolean;
  /** The last line that it wrote, to either output. */
  readonly lastLine: string;
  /** The last line of its standard output. */
  readonly answer: string;
}

/**
 * Runs a command of the user's, without a shell, and ends it when its time is up. Rejects if the command could not be
 * started. `started` gets the process id, and the result waits for it.
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
    // If the process cannot be noted, the command runs all the same; a later run only knows less.
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
      // A process that the command has started may live on and keep the command's output open.
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

/** Returns what the command said last, with how it was ended. We end it only when its time is up. */
function withEnd(said: string, signal: string | null, isOurs: boolean): string {
  const ended = `ended by ${signal ?? "a signal"}${isOurs ? ", because its time was up" : ""}`;
  return said === "" ? ended : `${said} (${ended})`;
}

function lastLineOf(text: string): string {
  return text.trim().split("\n").at(-1) ?? "";
}
