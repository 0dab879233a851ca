import assert from "node:assert/strict";
import { createInstance } from "../../../sandbox/instance";
import { Stack } from "../../../sandbox/stack";
import { Mirror } from "./mirror";

/** A stack at the first of the good versions, and a mirror with all of them and one whose image of bufd is missing. */
export async function broken(name: string, good: readonly string[], bad: string) {
  const instance = await createInstance(name);
  const mirror = new Mirror(instance);
  for (const version of good) await mirror.publish(version);
  await mirror.publish(bad, { omitImages: ["bufd"] });
  const stack = await Stack.create(name, instance, { version: good[0], chart: mirror.chart });
  const installed = await stack.up();
  assert.ok(installed.ok, installed.text);
  return { instance, mirror, stack };
}
