import { readdirSync, readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { KubeConfig } from "@kubernetes/client-node";
import { readLease } from "../../../../components/migrations/cluster/run/lease";
import { statOf, type Stat } from "../../../../sandbox/cluster/processes";
import type { Instance } from "../../../../sandbox/instance";
import type { Stack } from "../../../../sandbox/stack";

/** What a stack's `up` runs. */
export type Program = "pulumi" | "step" | "helm" | "kubernetes plugin";

const isProgram: Readonly<Record<Program, (args: readonly string[]) => boolean>> = {
  pulumi: ([program = ""]) => /(^|\/)pulumi$/.test(program),
  step: (args) => args.some((arg) => /migrations\/steps\/main|pulumi-bsr\/step-program/.test(arg)),
  helm: ([program = ""]) => /(^|\/)helm$/.test(program),
  "kubernetes plugin": (args) => args.some((arg) => arg.includes("pulumi-resource-kubernetes")),
};

/** Signals a program that a stack's `up` runs now. False where none runs, or none any more. */
export function signal(stack: Stack, program: Program, name: NodeJS.Signals): boolean {
  return signalTo(stack, isProgram[program], name);
}

/**
 * Kills the step program that a stack's `up` runs now, by what the step's text begins with. False where no such step
 * runs.
 */
export function killStep(stack: Stack, text: string): boolean {
  return signalTo(stack, (args) => isProgram.step(args) && args.at(-1)?.startsWith(text) === true, "SIGKILL");
}

function signalTo(
  stack: Stack,
  isMeant: (args: readonly string[]) => boolean,
  name: NodeJS.Signals,
): boolean {
  const processes = new Map(
    readdirSync("/proc")
      .filter((entry) => /^\d+$/.test(entry))
      .flatMap((pid) => read(Number(pid))),
  );
  const isOfStack = (pid: number): boolean => {
    const found = processes.get(pid);
    return found !== undefined && (found.args.includes(stack.name) || isOfStack(found.parent));
  };
  const running = [...processes].filter(([pid]) => isOfStack(pid));
  const found = running.find(([, { args }]) => isMeant(args));
  if (found === undefined) return false;
  running.forEach(([pid, { startTime }]) => orphans.set(pid, startTime));
  return send(found[0], name);
}

/** False where the process has ended since it was found. */
function send(pid: number, name: NodeJS.Signals): boolean {
  try {
    return process.kill(pid, name);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ESRCH") return false;
    throw error;
  }
}

/**
 * What a pulumi that is killed leaves behind, by process ID: its language host and its dynamic provider never end. The
 * ID of one that did end may since have gone to a process of another test, which began at another time.
 */
const orphans = new Map<number, string>();

/** Ends what killed runs have left. */
export function endOrphans(): void {
  for (const [pid, startTime] of orphans) {
    const [[, orphan] = []] = read(pid);
    if (orphan?.startTime === startTime && orphan.args.some((arg) => arg.includes("pulumi")))
      send(pid, "SIGKILL");
  }
  orphans.clear();
}

/** Waits until the lease has run out that a killed step could not give back. */
export async function leaseRunsOut({ namespace, env }: Instance): Promise<void> {
  const config = new KubeConfig();
  config.loadFromFile(env["KUBECONFIG"] ?? "");
  const lease = await readLease(config, namespace, "bsr");
  await sleep(Math.max(0, (lease?.runsOut.getTime() ?? 0) - Date.now()) + 1000);
}

interface Process extends Stat {
  readonly args: readonly string[];
}

/** Nothing for a process that has ended meanwhile. */
function read(pid: number): [number, Process][] {
  const stat = statOf(pid);
  if (stat === undefined) return [];
  try {
    const args = readFileSync(`/proc/${pid}/cmdline`, "utf8").split("\0").slice(0, -1);
    return [[pid, { ...stat, args }]];
  } catch {
    return [];
  }
}
