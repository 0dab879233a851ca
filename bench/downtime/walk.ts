import { createInstance } from "../../sandbox/instance";
import { pgDumpFor } from "../../sandbox/snapshot-method";
import { Stack, type Configuration } from "../../sandbox/stack";
import { up } from "../program";
import { timedUp } from "../timed-up";
import { databaseMegabytes, fill, from, to } from "./path";
import { Probe } from "./probe";

/** A walk of the whole path by `pulumi up`, as a client sees it. */
export interface Walk {
  /** From the first refused request to the first that the new version served, in milliseconds. */
  readonly downtimeMs: number;
  /** The whole of `pulumi up`, in milliseconds. */
  readonly totalMs: number;
  readonly requests: number;
  readonly failed: number;
  readonly databaseMegabytes: number;
}

/** Installs an instance with the program in a folder, fills it, and walks it to the path's end. */
export async function walk(program: string, name: string, strategy: Configuration): Promise<Walk> {
  const instance = await createInstance(`bench-${name}`);
  const stack = await Stack.create(`bench-${name}`, instance, {
    version: from,
    license: instance.values.license.key,
    snapshot: await pgDumpFor(instance),
  });
  try {
    await up(stack, program);
    await fill(instance);
    const megabytes = await databaseMegabytes(instance);
    stack.configure({ version: to, ...strategy });
    const probe = new Probe(instance.url);
    const { upMs: totalMs } = await timedUp(stack, program).finally(() => probe.stop());
    const { requests, failed } = probe;
    const downtimeMs = failed === 0 ? 0 : probe.firstServedBy(to) - probe.firstRefused;
    return { downtimeMs, totalMs, requests, failed, databaseMegabytes: megabytes };
  } finally {
    await stack.remove();
    await instance.close();
  }
}
