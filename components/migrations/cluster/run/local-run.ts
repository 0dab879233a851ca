import { execFileSync } from "node:child_process";
import { hostname } from "node:os";

/** A process and its machine, so that a later run on the same machine can find out whether it has died. */
export interface LocalRun {
  readonly host: string;
  readonly pid: number;
}

/** Identifies this run by the plugin that starts the steps, the same process for all steps of a run. */
export function thisRun(): LocalRun {
  return { host: hostname(), pid: process.ppid };
}

/** Whether a run is known to have died. Nothing is known about a run on another machine. */
export function hasDied({ host, pid }: LocalRun, release: string): boolean {
  return host === hostname() && !isAlive(pid) && !helmRuns(release);
}

/** Whether a process exists on this machine. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // A process that may not be signalled exists.
    return (error as NodeJS.ErrnoException).code !== "ESRCH";
  }
}

/** Whether a helm works on the release: a step that was killed leaves its helm behind, which finishes its work. */
function helmRuns(release: string): boolean {
  try {
    return commandsAtWork().some((line) => /(^|\/)helm\s/.test(line) && line.split(/\s+/).includes(release));
  } catch {
    return true; // unknown, so assume that one does
  }
}

/** Lists what runs on this machine, with its arguments; throws if it cannot. */
export function commandsAtWork(): string[] {
  // A machine at work may have more than Node's default of 1 MiB: one argument alone may have 128 KiB.
  return execFileSync("ps", ["-A", "-o", "args="], { encoding: "utf8", maxBuffer: 2 ** 26 }).split("\n");
}
