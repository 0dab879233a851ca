import { rmSync } from "node:fs";
import { runAlone } from "../alone";
import { rounded, spreadOf, type Line } from "../line";
import { compiledProgram } from "../program";
import { walkByLoop } from "./by-loop";
import { walkByPulumi, type Walk } from "./by-pulumi";
import { from, hops } from "./path";

const GOAL_RATIO = 1.1;
const RUNS = 2;

/** `pulumi up` over eight hops against a careful shell loop, and a hop's time by the number of hops. */
export async function measureHops(): Promise<Line[]> {
  const program = compiledProgram();
  try {
    const byLoop: number[] = [];
    const byPulumi: number[] = [];
    let walks: Walk[] = [];
    // They take turns, so that whatever else the machine does meets both.
    for (let run = 1; run <= RUNS; run += 1) {
      byLoop.push(await walkByLoop());
      walks = await walkByPulumi(program, run === RUNS);
      byPulumi.push(walks[0]?.totalMs ?? Number.NaN);
    }
    return [againstLoop(byPulumi, byLoop), byNumber(walks)];
  } finally {
    rmSync(program, { recursive: true });
  }
}

function againstLoop(byPulumi: readonly number[], byLoop: readonly number[]): Line {
  const [up, loop] = [spreadOf(byPulumi), spreadOf(byLoop)];
  // Of two runs there is no middle one: the better one of each met less of what else the machine does.
  const ratio = rounded(up.min / loop.min);
  return {
    bench: "pulumi up over eight hops, against a careful shell loop",
    from,
    to: hops.at(-1) ?? from,
    runs: RUNS,
    upMs: Math.round(up.min),
    upMaxMs: Math.round(up.max),
    loopMs: Math.round(loop.min),
    loopMaxMs: Math.round(loop.max),
    besidesMs: Math.round(up.min - loop.min),
    ratio,
    goal: GOAL_RATIO,
    met: ratio <= GOAL_RATIO,
  };
}

function byNumber(walks: readonly Walk[]): Line {
  const times = walks.map(({ hopMs }) => hopMs);
  const most = walks.reduce((a, b) => (b.hops > a.hops ? b : a));
  const least = walks.reduce((a, b) => (b.hops < a.hops ? b : a));
  const ratio = rounded(most.hopMs / least.hopMs);
  return {
    bench: "time of a hop, by the number of hops of one pulumi up",
    ...Object.fromEntries(walks.map(({ hops: number, hopMs }) => [`of${number}Ms`, Math.round(hopMs)])),
    minMs: Math.round(Math.min(...times)),
    maxMs: Math.round(Math.max(...times)),
    ratio,
    goal: GOAL_RATIO,
    met: ratio <= GOAL_RATIO,
  };
}

runAlone(module, measureHops);
