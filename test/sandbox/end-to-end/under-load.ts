import assert from "node:assert/strict";
import type { Instance } from "../../../sandbox/instance";
import { startLoad, type LoadReport } from "../../../sandbox/load/load";
import type { Run, RunOptions, Stack } from "../../../sandbox/stack";

/** A stack's `up` while clients read and write; whatever comes of it, no load is left running. */
export async function upUnderLoad(
  instance: Instance,
  stack: Stack,
  options: RunOptions = {},
): Promise<{ readonly up: Run; readonly report: LoadReport }> {
  const load = await startLoad({ url: instance.url, requestsPerSecond: 50, maxSeconds: 1800 });
  const [up] = await Promise.allSettled([stack.up(options)]);
  const report = await load.stop();
  if (up.status === "rejected") throw up.reason;
  return { up: up.value, report };
}

/** One that succeeds, with no failed request; answers what it printed. */
export async function walkUnderLoad(instance: Instance, stack: Stack): Promise<string> {
  const { up, report } = await upUnderLoad(instance, stack);
  assert.ok(up.ok, up.text);
  assert.equal(report.failed, 0, JSON.stringify(report.examples));
  assert.ok(report.requests > 0);
  return up.text;
}

/** Deployed version, schema owner and high-water mark, as the stack's outputs tell them. */
export async function versions(stack: Stack): Promise<unknown[]> {
  const { deployedVersion, schemaOwner, highWaterMark } = await stack.outputs();
  return [deployedVersion, schemaOwner, highWaterMark];
}
