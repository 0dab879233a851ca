import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import { exec } from "../../../sandbox/exec";
import type { Instance } from "../../../sandbox/instance";

/** The Jobs that migrate down, what belongs to them, and what is saved for them. */
export async function jobsLeft({ namespace, env }: Instance): Promise<string[]> {
  const names = await exec("kubectl", ["-n", namespace, "get", "jobs,configmaps,secrets", "-o", "name"], {
    env,
  });
  return names.split("\n").filter((name) => /-down-|-owner-1/.test(name));
}

/** What belongs to a Job that was deleted is collected a moment after it. */
export async function noJobIsLeft(instance: Instance): Promise<void> {
  let left = await jobsLeft(instance);
  for (let look = 0; left.length > 0 && look < 60; look += 1) {
    await sleep(500);
    left = await jobsLeft(instance);
  }
  assert.deepEqual(left, []);
}
