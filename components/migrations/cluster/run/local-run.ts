import { execFileSync } from "node:child_process";
import { hostname } from "node:os";

/** Which process of which machine does something: so that a later run there can tell whether it has died. */
export interface LocalRun {
  readonly host: string;
  readonly pid: number;
}

/** This run: the plugin that starts the steps is the same process for all steps of a run. */
export function thisRun(): LocalRun {
  return { host: hostname(), pid: process.ppid };
}

/** Whether a run is known to have died. Of another machine's nothing is known. */
export function hasDied({ host, pid }: LocalRun, release: string): boolean {
  return host === hostname() && !isAlive(pid) && !helmRuns(release);
}

/** Whether a process of this machine is there. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // One that may not be asked is there.
    return (error as NodeJS.ErrnoException).code !== "ESRCH";
  }
}

/** A step that was killed leaves its helm behind, which works to its end. */
function helmRuns(release: string): boolean {
  try {
    const commands = execFileSync("ps", ["-A", "-o", "args="], { encoding: "utf8" }).split("\n");
    return commands.some((line) => /(^|\/)helm\s/.test(line) && line.split(/\s+/).includes(release));
  } catch {
    return true; // nobody knows
  }
}
