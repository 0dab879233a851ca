import { createInstance } from "../../sandbox/instance";
import { Stack } from "../../sandbox/stack";
import { up } from "../program";
import { timedUp, type UpTimes } from "../timed-up";
import { HopTimes } from "./hop-times";
import { from, further, hops } from "./path";

/** A walk by `pulumi up`, in milliseconds. */
export interface Walk extends UpTimes {
  /** How many deploys it has. */
  readonly deploys: number;
  /** Each hop: every deploy but the last. */
  readonly hopMs: readonly number[];
  readonly lastMs: number;
}

/** The way by `pulumi up`, on an instance of its own, and then, where asked for, shorter ways with the same stack. */
export async function walkByPulumi(program: string, goesOn: boolean): Promise<Walk[]> {
  const instance = await createInstance("bench-hops");
  const stack = await Stack.create("bench-hops", instance, {
    version: from,
    license: instance.values.license.key,
  });
  try {
    await up(stack, program);
    const ways = [{ hops: hops.length, to: hops.at(-1) ?? from }, ...(goesOn ? further : [])];
    const walks: Walk[] = [];
    for (const way of ways) walks.push(await walk(stack, program, way));
    return walks;
  } finally {
    await stack.remove();
    await instance.close();
  }
}

async function walk(
  stack: Stack,
  program: string,
  { hops: deploys, to }: { readonly hops: number; readonly to: string },
): Promise<Walk> {
  stack.configure({ version: to });
  const times = new HopTimes();
  const taken = await timedUp(stack, program, (line) => times.see(line));
  if (times.each.length !== deploys) {
    throw new Error(`${times.each.length} of ${deploys} deploys to ${to} were seen in what pulumi up wrote`);
  }
  return { ...taken, deploys, hopMs: times.hops, lastMs: times.last ?? Number.NaN };
}
