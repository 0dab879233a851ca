import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import { exec } from "../../../../sandbox/exec";
import type { Instance } from "../../../../sandbox/instance";
import type { Run, RunOptions, Stack } from "../../../../sandbox/stack";
import { jobOfStep, moments, type Moment, type Step, type When } from "./moments";
import { signal, type Program } from "./processes";

/** Who dies, and how. */
export type Victim = "pulumi" | "Ctrl-C" | "step" | "helm" | "kubernetes plugin" | "pod";

export interface Kill {
  readonly step: Step;
  readonly moment: Moment;
  readonly victim: Victim;
}

export const title = ({ step, moment, victim }: Kill) =>
  `${victim === "Ctrl-C" ? victim : `${victim} killed`} at the ${moment} of ${step}`;

/** The victim had ended before it could be killed; the run was interrupted there, so that another can be tried. */
export class Missed extends Error {}

/** The next row. What was to die in the one before is too late; and what died and ended nothing is over. */
const nextRow = /\b(creating|updating) \(0s\) *$/;

/** A stack's `up` in which they die, one after the other. The moments have to come, and the victims to be there. */
export async function upWith(
  kills: readonly Kill[],
  stack: Stack,
  instance: Instance,
  options: RunOptions = {},
): Promise<Run> {
  const todo = kills.map((kill) => ({ kill, when: whenOf(kill), hasCome: false, isDone: false }));
  let hasEnded = false;
  let isInterrupted = false;
  let isMissed = false;
  let killing = Promise.resolve();
  const act = async (one: (typeof todo)[number]): Promise<void> => {
    while (!hasEnded && !isMissed && one.when.once !== undefined && !(await one.when.once(instance)))
      await sleep(50);
    // A program begins a moment after pulumi has said so.
    while (!hasEnded && !isMissed && !one.isDone) {
      one.isDone = await strike(one.kill, stack, instance);
      await sleep(20);
    }
  };
  const run = await stack.up({
    ...options,
    onLine: (line) => {
      const late = todo.some(({ hasCome, isDone }) => hasCome && !isDone);
      const isOver = late || todo.every(({ isDone }) => isDone);
      if (isOver && !isInterrupted && nextRow.test(line)) {
        isInterrupted = signal(stack, "pulumi", "SIGINT");
        isMissed = late;
      }
      const next = todo.find(({ hasCome }) => !hasCome);
      if (next === undefined || !next.when.line.test(line)) return;
      next.hasCome = true;
      killing = killing.then(() => act(next));
      // What fails in it is told below: until then it is no rejection that nobody handles.
      killing.catch(() => undefined);
    },
  });
  hasEnded = true;
  await killing;
  if (isMissed) throw new Missed(`${kills.map(title).join(", ")}: it was gone already\n${run.text}`);
  for (const { kill, hasCome, isDone } of todo) {
    assert.ok(hasCome, `${title(kill)}: the moment did not come\n${run.text}`);
    assert.ok(isDone, `${title(kill)}: it was gone already\n${run.text}`);
  }
  return run;
}

function whenOf(kill: Kill): When {
  const when = moments[kill.step][kill.moment];
  assert.ok(when !== undefined, `${kill.step} has no ${kill.moment}`);
  return when;
}

async function strike(kill: Kill, stack: Stack, instance: Instance): Promise<boolean> {
  const { victim } = kill;
  if (victim === "pod") return killPod(kill, instance);
  if (victim === "Ctrl-C") return signal(stack, "pulumi", "SIGINT");
  const program: Program = victim;
  return signal(stack, program, "SIGKILL");
}

interface Pod {
  readonly metadata: {
    readonly name: string;
    readonly creationTimestamp: string;
    readonly deletionTimestamp?: string;
  };
  readonly status: {
    readonly phase?: string;
    readonly conditions?: readonly { readonly type: string; readonly status: string }[];
  };
}

/** Kills the pod that does a step's work: a Job's, or else the newest one of bufd. False where it is not at work. */
async function killPod({ step, moment }: Kill, { namespace, env }: Instance): Promise<boolean> {
  const isBufds = step === "deploy" || step === "verify";
  const selector = isBufds ? "app.kubernetes.io/name=bufd" : jobOfStep;
  const list = await exec("kubectl", ["get", "pods", "-n", namespace, "-l", selector, "-o", "json"], { env });
  const newest = (JSON.parse(list) as { items: Pod[] }).items
    .filter(({ metadata, status }) => metadata.deletionTimestamp === undefined && !podHasEnded(status))
    .sort((a, b) => a.metadata.creationTimestamp.localeCompare(b.metadata.creationTimestamp))
    .at(-1);
  if (newest === undefined) return false;
  // While helm deploys, the newest one may still be an old one, which serves and migrates nothing.
  if (step === "deploy" && moment === "middle" && isReady(newest.status)) return false;
  const pod = ["pod", newest.metadata.name, "-n", namespace];
  const now = ["--force", "--grace-period=0", "--ignore-not-found", "-o", "name"];
  const deleted = await exec("kubectl", ["delete", ...pod, ...now], { env });
  return deleted.includes(newest.metadata.name);
}

const podHasEnded = ({ phase }: Pod["status"]) => phase === "Succeeded" || phase === "Failed";

const isReady = ({ conditions = [] }: Pod["status"]) =>
  conditions.some(({ type, status }) => type === "Ready" && status === "True");

/**
 * Ends the lock of a pulumi that was killed, with the command that the next `up` names. Returns whether it was killed while
 * it wrote its state, which then had to be brought back from its backup first.
 */
export async function endStackLock(stack: Stack): Promise<boolean> {
  let locked = await stack.up();
  assert.ok(!locked.ok, locked.text);
  const isBroken = locked.text.includes("failed to load checkpoint");
  if (isBroken) {
    stack.bringBackup();
    locked = await stack.up();
  }
  assert.match(locked.text, /`pulumi cancel`/);
  await stack.cancel();
  return isBroken;
}
