/**
 * The sandbox's servers: each writes its log to .sandbox/logs and its process id to the run folder, and is ended by
 * that id. The start time beside the id tells our process from a later one that got the same id.
 */
import { spawn } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  openSync,
  closeSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { logDir, runDir } from "../paths";
import { until } from "./until";

const idDir = join(runDir, "pids");

export interface Process {
  readonly name: string;
  readonly pid: number;
  readonly startTime: string;
}

/** What the kernel says of a process: a part of /proc/<pid>/stat. */
export interface Stat {
  readonly isZombie: boolean;
  readonly parent: number;
  /** In clock ticks since the machine started: with its number, what tells a process from every other. */
  readonly startTime: string;
}

/** Nothing for a process that is not there. The fields follow a name, in parentheses, that may hold anything. */
export function statOf(pid: number): Stat | undefined {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, "utf8")
      .replace(/^.*\) /s, "")
      .split(" ");
    return { isZombie: fields[0] === "Z", parent: Number(fields[1]), startTime: fields[19] ?? "" };
  } catch {
    return undefined;
  }
}

/** None for a zombie: it has ended. */
function startTimeOf(pid: number): string | undefined {
  const stat = statOf(pid);
  return stat?.isZombie === false ? stat.startTime : undefined;
}

export function runs({ pid, startTime }: Process): boolean {
  return startTimeOf(pid) === startTime;
}

export function logOf(name: string): string {
  return join(logDir, `${name}.log`);
}

export function start(
  name: string,
  command: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv,
): Process {
  mkdirSync(logDir, { recursive: true });
  mkdirSync(idDir, { recursive: true });
  const log = openSync(logOf(name), "w");
  const child = spawn(command, args, { detached: true, stdio: ["ignore", log, log], env, cwd: "/" });
  closeSync(log);
  child.on("error", () => undefined);
  child.unref();
  if (child.pid === undefined) throw new Error(`${name} could not be started: is ${command} there?`);
  const started = { name, pid: child.pid, startTime: startTimeOf(child.pid) ?? "" };
  writeFileSync(join(idDir, name), `${started.pid} ${started.startTime}\n`);
  return started;
}

/** All that were ever started and not ended by us, running or not. */
export function started(): readonly Process[] {
  if (!existsSync(idDir)) return [];
  return readdirSync(idDir).map((name) => {
    const [pid = "", startTime = ""] = readFileSync(join(idDir, name), "utf8").trim().split(" ");
    return { name, pid: Number(pid), startTime };
  });
}

/** Those that the kernel ends together with a process, because they live in namespaces of its own. */
function descendants(pid: number): readonly Process[] {
  let children: string;
  try {
    children = readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8");
  } catch {
    return [];
  }
  return children
    .split(" ")
    .filter((child) => child !== "")
    .map(Number)
    .flatMap((child) => [
      { name: "", pid: child, startTime: startTimeOf(child) ?? "" },
      ...descendants(child),
    ]);
}

/** Ends all of them at once. Nothing of a sandbox is kept, so no server needs time to save its data. */
export async function endAll(): Promise<void> {
  const processes = started().filter(runs);
  const all = processes.flatMap((process_) => [process_, ...descendants(process_.pid)]);
  for (const { pid } of processes) process.kill(pid, "SIGKILL");
  await until("the servers to end", 30, () => all.every((process_) => !runs(process_)));
  rmSync(idDir, { recursive: true, force: true });
}

/** Waits for a server's condition, and fails at once, with the end of its log, when the server ends. */
export async function ready(
  process_: Process,
  what: string,
  condition: () => Promise<boolean> | boolean,
): Promise<void> {
  const log = () => readFileSync(logOf(process_.name), "utf8").trim().split("\n").slice(-8).join("\n");
  try {
    await until(what, 60, () => {
      if (!runs(process_)) throw new Error(`${process_.name} ended`);
      return condition();
    });
  } catch (error) {
    throw new Error(`${(error as Error).message}; the end of ${logOf(process_.name)}:\n${log()}`, {
      cause: error,
    });
  }
}
