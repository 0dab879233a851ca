import { createInstance } from "../../sandbox/instance";
import { Stack } from "../../sandbox/stack";
import { up } from "../program";
import { HopTimes } from "./hop-times";
import { from, further, hops } from "./path";

/** A walk by `pulumi up`, in milliseconds. */
export interface Walk {
  readonly hops: number;
  /** The whole of `pulumi up`. */
  readonly totalMs: number;
  /** From the beginning of the first hop to the verification of the last, for each of them. */
  readonly hopMs: number;
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
  { hops, to }: { readonly hops: number; readonly to: string },
): Promise<Walk> {
  stack.configure({ version: to });
  const times = new HopTimes();
  const began = performance.now();
  const { ok, text } = await stack.up({ checkout: program, onLine: (line) => times.see(line) });
  const totalMs = performance.now() - began;
  if (!ok) throw new Error(`pulumi up failed:\n${text}`);
  if (times.each.length !== hops) throw new Error(`${times.each.length} of ${hops} hops were seen:\n${text}`);
  return { hops, totalMs, hopMs: times.mean() };
}
