import { rmSync } from "node:fs";
import { createInstance, type Instance } from "../../sandbox/instance";
import { Stack } from "../../sandbox/stack";
import { runAlone } from "../alone";
import { rounded, spreadOf, type Line } from "../line";
import { bareProgram, compiledProgram, preview, up } from "../program";
import { timedUp } from "../timed-up";
import { measurePreflight } from "./preflight";

const GOAL_RATIO = 1.2;
const RUNS = 7;
const from = "1.15.2";
const to = "1.16.1";

/** A program that is deployed, ready to be measured. */
interface Subject {
  readonly program: string;
  readonly instance: Instance;
  readonly stack: Stack;
}

/** What the component adds to a preview and to an `up` that changes nothing, and the preflight of a long way. */
export async function measurePreview(): Promise<Line[]> {
  const component = await deployed("preview", compiledProgram());
  const bare = await deployed("bare", bareProgram());
  try {
    const unchanged = await compare(component, bare, timedUp);
    for (const { stack } of [component, bare]) stack.configure({ version: to });
    const bumped = await compare(component, bare, preview);
    return [
      line(`pulumi preview of ${from} to ${to}, against that of a bare Release`, bumped),
      line("pulumi up that changes nothing, against that of a bare Release", unchanged),
      await measurePreflight(component.instance),
    ];
  } finally {
    for (const { program, instance, stack } of [component, bare]) {
      rmSync(program, { recursive: true });
      await stack.remove();
      await instance.close();
    }
  }
}

async function deployed(name: string, program: string): Promise<Subject> {
  const instance = await createInstance(`bench-${name}`);
  const license = instance.values.license.key;
  const stack = await Stack.create(`bench-${name}`, instance, { version: from, license });
  await up(stack, program);
  return { program, instance, stack };
}

interface Times {
  readonly component: readonly number[];
  readonly bare: readonly number[];
}

/** They take turns, after one each that is not counted: it fills caches. */
async function compare(
  component: Subject,
  bare: Subject,
  run: (stack: Stack, program: string) => Promise<unknown>,
): Promise<Times> {
  const times = { component: [] as number[], bare: [] as number[] };
  for (let count = 0; count <= RUNS; count += 1) {
    for (const [name, { stack, program }] of Object.entries({ component, bare })) {
      const began = performance.now();
      await run(stack, program);
      if (count > 0) times[name as keyof Times].push(performance.now() - began);
    }
  }
  return times;
}

function line(bench: string, { component, bare }: Times): Line {
  const [ours, least] = [spreadOf(component), spreadOf(bare)];
  const ratio = rounded(ours.median / least.median);
  return {
    bench,
    runs: RUNS,
    medianMs: Math.round(ours.median),
    minMs: Math.round(ours.min),
    maxMs: Math.round(ours.max),
    bareMs: Math.round(least.median),
    besidesMs: Math.round(ours.median - least.median),
    ratio,
    goal: GOAL_RATIO,
    met: ratio <= GOAL_RATIO,
  };
}

runAlone(module, measurePreview);
