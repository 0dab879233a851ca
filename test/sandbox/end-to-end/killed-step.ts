import { readdirSync, readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { KubeConfig } from "@kubernetes/client-node";
import { readLease } from "../../../components/migrations/cluster/lease";
import type { Instance } from "../../../sandbox/instance";
import type { Stack } from "../../../sandbox/stack";

/**
 * Kills the step program that a stack's `up` runs now, by what the step's text begins with. False where no such step
 * runs.
 */
export function killStep(stack: Stack, text: string): boolean {
  return kill(
    stack,
    (args) =>
      args.some((arg) => arg.includes("migrations/steps/main")) && args.at(-1)?.startsWith(text) === true,
  );
}

/** Kills the helm that a stack's `up` runs now. False where none runs. */
export function killHelm(stack: Stack): boolean {
  return kill(stack, ([program = ""]) => /(^|\/)helm$/.test(program));
}

function kill(stack: Stack, isMeant: (args: readonly string[]) => boolean): boolean {
  const processes = new Map(
    readdirSync("/proc")
      .filter((entry) => /^\d+$/.test(entry))
      .flatMap((pid) => read(Number(pid))),
  );
  const isOfStack = (pid: number): boolean => {
    const found = processes.get(pid);
    return found !== undefined && (found.args.includes(stack.name) || isOfStack(found.parent));
  };
  const found = [...processes].find(([pid, { args }]) => isMeant(args) && isOfStack(pid));
  if (found === undefined) return false;
  process.kill(found[0], "SIGKILL");
  return true;
}

/** Waits until the lease has run out that a killed step could not give back. */
export async function leaseRunsOut({ namespace, env }: Instance): Promise<void> {
  const config = new KubeConfig();
  config.loadFromFile(env["KUBECONFIG"] ?? "");
  const lease = await readLease(config, namespace, "bsr");
  await sleep(Math.max(0, (lease?.runsOut.getTime() ?? 0) - Date.now()) + 1000);
}

interface Process {
  readonly parent: number;
  readonly args: readonly string[];
}

/** Nothing for a process that has ended meanwhile. */
function read(pid: number): [number, Process][] {
  try {
    const args = readFileSync(`/proc/${pid}/cmdline`, "utf8").split("\0").slice(0, -1);
    // The name, in parentheses, may hold anything.
    const [, parent] = readFileSync(`/proc/${pid}/stat`, "utf8")
      .replace(/^.*\) /s, "")
      .split(" ");
    return [[pid, { parent: Number(parent), args }]];
  } catch {
    return [];
  }
}
