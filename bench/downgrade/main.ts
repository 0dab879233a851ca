import { rmSync } from "node:fs";
import { createInstance } from "../../sandbox/instance";
import { Stack } from "../../sandbox/stack";
import { runAlone } from "../alone";
import { rounded, spreadOf, type Line } from "../line";
import { compiledProgram, up } from "../program";
import { timedUp, type UpTimes } from "../timed-up";
import { downByHand } from "./by-hand";
import { from, schemaVersion, to } from "./path";

const GOAL_RATIO = 1.1;
const RUNS = 3;

/** One minor down by `pulumi up`, against the same steps by hand. */
export async function measureDowngrade(): Promise<Line[]> {
  const program = compiledProgram();
  try {
    const byHand: number[] = [];
    const byPulumi: UpTimes[] = [];
    for (let run = 0; run < RUNS; run += 1) {
      byHand.push(await downByHand());
      byPulumi.push(await downByPulumi(program));
    }
    const hand = spreadOf(byHand);
    const up = spreadOf(byPulumi.map(({ upMs }) => upMs));
    const upSkipPreview = spreadOf(byPulumi.map(({ upSkipPreviewMs }) => upSkipPreviewMs));
    const ratio = rounded(up.median / hand.median);
    return [
      {
        bench: "one minor down by pulumi up, against the same steps by hand",
        from,
        to,
        runs: RUNS,
        upMs: Math.round(up.median),
        minMs: Math.round(up.min),
        maxMs: Math.round(up.max),
        upSkipPreviewMs: Math.round(upSkipPreview.median),
        byHandMs: Math.round(hand.median),
        besidesMs: Math.round(up.median - hand.median),
        ratio,
        ratioSkipPreview: rounded(upSkipPreview.median / hand.median),
        goal: GOAL_RATIO,
        met: ratio <= GOAL_RATIO,
      },
    ];
  } finally {
    rmSync(program, { recursive: true });
  }
}

async function downByPulumi(program: string): Promise<UpTimes> {
  const instance = await createInstance("bench-down");
  const stack = await Stack.create("bench-down", instance, { version: from });
  try {
    await up(stack, program);
    stack.configure({ version: to });
    const took = await timedUp(stack, program);
    if ((await instance.schemaVersion()) !== schemaVersion) throw new Error("it was not migrated down");
    return took;
  } finally {
    await stack.remove();
    await instance.close();
  }
}

runAlone(module, measureDowngrade);
