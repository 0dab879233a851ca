import { spawn } from "node:child_process";
import { rmSync } from "node:fs";
import { Readable } from "node:stream";
import { createInstance } from "../../sandbox/instance";
import { sandboxEnv } from "../../sandbox/env";
import { Stack } from "../../sandbox/stack";
import { runAlone } from "../alone";
import { meanOf, rounded, spreadOf, type Line } from "../line";
import { compiledProgram } from "../program";
import { Memory } from "./memory";

const GOAL_RATIO = 1.1;
const stacks = 20;
const atOnce = 4;

interface Previewed {
  readonly ms: number;
  readonly megabytes: number;
}

/** Many stacks previewed one after the other, and some at once: time and memory for each. */
export async function measureStacks(): Promise<Line[]> {
  const program = compiledProgram();
  const instance = await createInstance("bench-stacks");
  const made: Stack[] = [];
  try {
    for (let number = 1; number <= stacks; number += 1) {
      // Each would be installed into a namespace of its own, which its preview need not find.
      const own = { ...instance, namespace: `${instance.namespace}-${number}` };
      made.push(await Stack.create(`bench-stacks-${number}`, own, { version: "1.15.2" }));
    }
    // The first of all fills caches, and is not counted.
    for (const stack of made.slice(0, 1)) await preview(stack, program);
    const single = await previewAll(made, program, 1);
    const several = await previewAll(made, program, atOnce);
    const first = meanOf(single.each.slice(0, 5).map(({ ms }) => ms));
    const last = meanOf(single.each.slice(-5).map(({ ms }) => ms));
    const growth = rounded(last / first);
    const atOnceRatio = rounded(several.totalMs / single.totalMs);
    const memory = median(single.each);
    const memoryAtOnce = median(several.each);
    return [
      {
        bench: `previews of ${stacks} stacks, one after the other and ${atOnce} at once`,
        stacks,
        perStackMs: Math.round(single.totalMs / stacks),
        firstFiveMs: Math.round(first),
        lastFiveMs: Math.round(last),
        perStackAtOnceMs: Math.round(several.totalMs / stacks),
        memoryMb: memory,
        memoryAtOnceMb: memoryAtOnce,
        growth,
        atOnceRatio,
        memoryRatio: rounded(memoryAtOnce / memory),
        goal: GOAL_RATIO,
        met: [growth, atOnceRatio, memoryAtOnce / memory].every((ratio) => ratio <= GOAL_RATIO),
      },
    ];
  } finally {
    for (const stack of made) await stack.remove();
    await instance.close();
    rmSync(program, { recursive: true });
  }
}

async function previewAll(
  made: readonly Stack[],
  program: string,
  concurrency: number,
): Promise<{ readonly totalMs: number; readonly each: readonly Previewed[] }> {
  const began = performance.now();
  const each = (await Readable.from(made)
    .map((stack: Stack) => preview(stack, program), { concurrency })
    .toArray()) as Previewed[];
  return { totalMs: performance.now() - began, each };
}

function preview(stack: Stack, program: string): Promise<Previewed> {
  return new Promise((resolve, reject) => {
    const began = performance.now();
    const args = ["preview", "--stack", stack.name, "--non-interactive", "--suppress-progress"];
    const child = spawn("pulumi", args, {
      env: sandboxEnv(),
      cwd: program,
      stdio: ["ignore", "pipe", "pipe"],
    });
    const memory = new Memory(child.pid ?? 0);
    let text = "";
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding("utf8").on("data", (part: string) => (text += part));
    }
    child.on("error", reject);
    child.on("close", (status) => {
      const megabytes = memory.stop();
      if (status === 0) resolve({ ms: performance.now() - began, megabytes });
      else reject(new Error(`pulumi preview of ${stack.name} failed:\n${text}`));
    });
  });
}

function median(previewed: readonly Previewed[]): number {
  return spreadOf(previewed.map(({ megabytes }) => megabytes)).median;
}

runAlone(module, measureStacks);
