import { readdirSync, readFileSync } from "node:fs";

const everyMilliseconds = 250;

/** Watches the most memory that a process and all that it has started hold together. */
export class Memory {
  readonly #timer: NodeJS.Timeout;
  #most = 0;

  constructor(private readonly root: number) {
    this.#timer = setInterval(() => this.#look(), everyMilliseconds);
  }

  /** Looks no more, and answers the most that was seen, in megabytes. */
  stop(): number {
    clearInterval(this.#timer);
    return Math.round(this.#most / 1024);
  }

  #look(): void {
    const total = familyOf(this.root, parents()).reduce((sum, pid) => sum + kilobytesOf(pid), 0);
    this.#most = Math.max(this.#most, total);
  }
}

/** Every process of this machine with its parent. */
function parents(): Map<number, number> {
  const pids = readdirSync("/proc").filter((name) => /^\d+$/.test(name));
  return new Map(pids.map((pid) => [Number(pid), parentIn(read(`/proc/${pid}/stat`))]));
}

/** The parent is the second field after the name, which stands in parentheses and may hold anything. */
function parentIn(stat: string): number {
  return Number(stat.slice(stat.lastIndexOf(")") + 2).split(" ")[1]);
}

function familyOf(root: number, all: ReadonlyMap<number, number>): number[] {
  const children = [...all].filter(([, parent]) => parent === root).map(([pid]) => pid);
  return [root, ...children.flatMap((pid) => familyOf(pid, all))];
}

/** Its part of what it shares with others counted once: the processes of a stack share programs and libraries. */
function kilobytesOf(pid: number): number {
  return Number(/^Pss:\s+(\d+) kB$/m.exec(read(`/proc/${pid}/smaps_rollup`))?.[1] ?? 0);
}

/** Nothing where the process has ended meanwhile. */
function read(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}
