import { spawn, type ChildProcess } from "node:child_process";
import { existsSync } from "node:fs";
import type { Properties } from "../wire/values";

/** A log line this long makes the real plugin hang for ever (its scanner stops reading): said instead of done. */
const longestLine = 64 * 1024;

export interface Output {
  stdout: string;
  stderr: string;
}

export interface Surroundings {
  previous: Output | undefined;
  onLine: (line: string) => void;
  signal: AbortSignal;
}

/** Runs one command of a resource, with the secrets of its inputs revealed. */
export async function run(command: string, inputs: Properties, around: Surroundings): Promise<Output> {
  const [program = "/bin/sh", ...args] = [...interpreter(inputs), command];
  const stdin = typeof inputs.stdin === "string" && inputs.stdin !== "" ? inputs.stdin : undefined;
  const child = spawn(program, args, {
    cwd: typeof inputs.dir === "string" ? inputs.dir : process.cwd(),
    env: environment(inputs, around.previous),
    stdio: [stdin === undefined ? "ignore" : "pipe", "pipe", "pipe"],
  });
  // A command need not read its input to the end.
  child.stdin?.on("error", () => undefined).end(stdin);

  const all: Buffer[] = [];
  const stdout: Buffer[] = [];
  const stderr: Buffer[] = [];
  const lines = new Lines(around.onLine, () => child.kill("SIGKILL"));
  const logging = inputs.logging;
  child.stdout?.on("data", (chunk: Buffer) => {
    all.push(chunk);
    stdout.push(chunk);
    if (logging === undefined || logging === "stdout" || logging === "stdoutAndStderr") lines.add(chunk);
  });
  child.stderr?.on("data", (chunk: Buffer) => {
    all.push(chunk);
    stderr.push(chunk);
    if (logging === undefined || logging === "stderr" || logging === "stdoutAndStderr") lines.add(chunk);
  });

  const end = await ended(child, program, around.signal, inputs.dir);
  const failure = lines.end() ?? end;
  if (failure !== undefined) throw new Error(`${failure}: running ${quoted(command)}:\n${text(all)}`);
  return { stdout: withoutLineEnd(text(stdout)), stderr: withoutLineEnd(text(stderr)) };
}

function interpreter(inputs: Properties): string[] {
  const given = inputs.interpreter;
  return Array.isArray(given) && given.length > 0 ? given.map(String) : ["/bin/sh", "-c"];
}

function environment(inputs: Properties, previous: Output | undefined): NodeJS.ProcessEnv {
  const env = { ...process.env, ...(inputs.environment as Record<string, string> | undefined) };
  if (inputs.addPreviousOutputInEnv === false) return env;
  if (previous?.stdout) env.PULUMI_COMMAND_STDOUT = previous.stdout;
  if (previous?.stderr) env.PULUMI_COMMAND_STDERR = previous.stderr;
  return env;
}

/** Waits until the command and everything that holds its output has ended; a cancel kills only the command. */
function ended(child: ChildProcess, program: string, signal: AbortSignal, dir: unknown) {
  const kill = () => child.kill("SIGKILL");
  if (signal.aborted) kill();
  signal.addEventListener("abort", kill, { once: true });
  return new Promise<string | undefined>((resolve) => {
    child.on("error", (error: NodeJS.ErrnoException) => resolve(cannotStart(error, program, dir)));
    child.on("close", (code, by) => {
      if (by !== null) resolve(`signal: ${signalWords[by] ?? by}`);
      else resolve(code === 0 ? undefined : `exit status ${code}`);
    });
  }).finally(() => signal.removeEventListener("abort", kill));
}

const signalWords: Partial<Record<NodeJS.Signals, string>> = {
  SIGINT: "interrupt",
  SIGKILL: "killed",
  SIGTERM: "terminated",
};

function cannotStart(error: NodeJS.ErrnoException, program: string, dir: unknown): string {
  if (error.code !== "ENOENT") return error.message;
  if (typeof dir === "string" && !existsSync(dir)) return `chdir ${dir}: no such file or directory`;
  if (program.includes("/")) return `fork/exec ${program}: no such file or directory`;
  return `exec: "${program}": executable file not found in $PATH`;
}

/** Cuts output into lines as it comes. */
class Lines {
  private rest = Buffer.alloc(0);
  private tooLong = false;

  constructor(
    private readonly onLine: (line: string) => void,
    private readonly onTooLong: () => void,
  ) {}

  add(chunk: Buffer): void {
    const parts = Buffer.concat([this.rest, chunk]);
    let start = 0;
    for (let end = parts.indexOf("\n"); end !== -1; end = parts.indexOf("\n", start)) {
      this.say(parts.subarray(start, end));
      start = end + 1;
    }
    this.rest = parts.subarray(start);
    this.measure(this.rest);
  }

  /** Says an unfinished last line; returns what was wrong with any line. */
  end(): string | undefined {
    if (this.rest.length > 0) this.say(this.rest);
    return this.tooLong ? "a line of output over 64 KiB, with which the real plugin would hang" : undefined;
  }

  private say(line: Buffer): void {
    this.measure(line);
    this.onLine(line.toString("utf8").replace(/\r$/, ""));
  }

  private measure(line: Buffer): void {
    if (line.length < longestLine || this.tooLong) return;
    this.tooLong = true;
    this.onTooLong();
  }
}

const text = (chunks: Buffer[]): string => Buffer.concat(chunks).toString("utf8");
const withoutLineEnd = (output: string): string => output.replace(/\n$/, "");

/** A string as Go's %q writes it. */
const quoted = (command: string): string =>
  JSON.stringify(command).replace(/\\u00([0-9a-f]{2})/g, (_, code: string) => `\\x${code}`);
