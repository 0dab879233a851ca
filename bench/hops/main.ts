import { rmSync } from "node:fs";
import { runAlone } from "../alone";
import { rounded, spreadOf, type Line } from "../line";
import { compiledProgram } from "../program";
import type { UpTimes } from "../timed-up";
import { walkByLoop } from "./by-loop";
import { byNumber } from "./by-number";
import { walkByPulumi, type Walk } from "./by-pulumi";
import { from, hops } from "./path";

const GOAL_RATIO = 1.1;
const RUNS = 2;

/** `pulumi up` over eight hops against a careful shell loop, and a hop's time by the number of hops. */
export async function measureHops(): Promise<Line[]> {
  const program = compiledProgram();
  try {
    const byLoop: number[] = [];
    const byPulumi: UpTimes[] = [];
    let walks: Walk[] = [];
    // They take turns, so that whatever else the machine does meets both.
    for (let run = 1; run <= RUNS; run += 1) {
      byLoop.push(await walkByLoop());
      walks = await walkByPulumi(program, run === RUNS);
      byPulumi.push(...walks.slice(0, 1));
    }
    return [againstLoop(byPulumi, byLoop), byNumber(walks)];
  } finally {
    rmSync(program, { recursive: true });
  }
}

function againstLoop(byPulumi: readonly UpTimes[], byLoop: readonly number[]): Line {
  const up = spreadOf(byPulumi.map(({ upMs }) => upMs));
  const upSkipPreview = spreadOf(byPulumi.map(({ upSkipPreviewMs }) => upSkipPreviewMs));
  const loop = spreadOf(byLoop);
  // Of two runs there is no middle one: the better one of each met less of what else the machine does.
  const ratio = rounded(up.min / loop.min);
  return {
    bench: "pulumi up over eight hops, against a careful shell loop",
    from,
    to: hops.at(-1) ?? from,
    runs: RUNS,
    upMs: Math.round(up.min),
    upMaxMs: Math.round(up.max),
    upSkipPreviewMs: Math.round(upSkipPreview.min),
    loopMs: Math.round(loop.min),
    loopMaxMs: Math.round(loop.max),
    besidesMs: Math.round(up.min - loop.min),
    ratio,
    ratioSkipPreview: rounded(upSkipPreview.min / loop.min),
    goal: GOAL_RATIO,
    met: ratio <= GOAL_RATIO,
  };
}

runAlone(module, measureHops);
