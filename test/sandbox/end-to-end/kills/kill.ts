import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import { exec } from "../../../../sandbox/exec";
import type { Instance } from "../../../../sandbox/instance";
import type { Run, RunOptions, Stack } from "../../../../sandbox/stack";
import { moments, type Moment, type Step, type When } from "./moments";
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
      one.isDone = await strike(one.kill.victim, stack, instance);
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

async function strike(victim: Victim, stack: Stack, instance: Instance): Promise<boolean> {
  if (victim === "pod") return killNewestPod(instance);
  if (victim === "Ctrl-C") return signal(stack, "pulumi", "SIGINT");
  const program: Program = victim;
  return signal(stack, program, "SIGKILL");
}

/** The pod that migrates: a Job's, or else the newest one of bufd. */
async function killNewestPod({ namespace, env }: Instance): Promise<boolean> {
  const pods = async (selector: string) => {
    const args = ["get", "pods", "-n", namespace, "-l", selector, "--sort-by=.metadata.creationTimestamp"];
    const names = await exec("kubectl", [...args, "-o", "name"], { env });
    return names.split("\n").filter((name) => name !== "");
  };
  const jobs = await pods("batch.kubernetes.io/job-name");
  const newest = (jobs.length > 0 ? jobs : await pods("app.kubernetes.io/name=bufd")).at(-1);
  if (newest === undefined) return false;
  await exec("kubectl", ["delete", "-n", namespace, newest, "--force", "--grace-period=0"], { env });
  return true;
}

/** Ends the lock of a pulumi that was killed, with the command that the next `up` names. */
export async function endStackLock(stack: Stack): Promise<void> {
  let locked = await stack.up();
  assert.ok(!locked.ok, locked.text);
  if (locked.text.includes("failed to load checkpoint")) {
    stack.bringBackup();
    locked = await stack.up();
  }
  assert.match(locked.text, /`pulumi cancel`/);
  await stack.cancel();
}
