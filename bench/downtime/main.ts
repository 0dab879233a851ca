import { rmSync } from "node:fs";
import { runAlone } from "../alone";
import { rounded, spreadOf, type Line } from "../line";
import { partsByHand, type Parts } from "./by-hand";
import { from, to } from "./path";
import { compiledProgram } from "../program";
import { walk, type Walk } from "./walk";

const GOAL_RATIO = 1.2;
const RUNS = 3;

/** What a way through maintenance costs its clients, against what it cannot do without and against hop by hop. */
export async function measureDowntime(): Promise<Line[]> {
  const program = compiledProgram();
  try {
    const parts: Parts[] = [];
    const jumps: Walk[] = [];
    // They take turns, so that whatever else the machine does meets both.
    for (let run = 0; run < RUNS; run += 1) {
      parts.push(await partsByHand());
      jumps.push(await walk(program, "maintenance", { strategy: "maintenance", allowDowntime: true }));
    }
    const hops = await walk(program, "sequential", { strategy: "sequential" });
    return [againstParts(jumps, parts), againstHops(jumps, hops)];
  } finally {
    rmSync(program, { recursive: true });
  }
}

function againstParts(jumps: readonly Walk[], parts: readonly Parts[]): Line {
  const downtime = spreadOf(jumps.map(({ downtimeMs }) => downtimeMs));
  const drain = median(parts.map(({ drainMs }) => drainMs));
  const dump = median(parts.map(({ dumpMs }) => dumpMs));
  const start = median(parts.map(({ startMs }) => startMs));
  const unavoidable = drain + dump + start;
  const ratio = rounded(downtime.median / unavoidable);
  return {
    bench: "downtime of a jump over ten minors, against its unavoidable parts",
    from,
    to,
    runs: RUNS,
    databaseMegabytes: jumps[0]?.databaseMegabytes ?? 0,
    downtimeMs: Math.round(downtime.median),
    minMs: Math.round(downtime.min),
    maxMs: Math.round(downtime.max),
    drainMs: Math.round(drain),
    dumpMs: Math.round(dump),
    startMs: Math.round(start),
    besidesMs: Math.round(downtime.median - unavoidable),
    ratio,
    goal: GOAL_RATIO,
    met: ratio <= GOAL_RATIO,
  };
}

function againstHops(jumps: readonly Walk[], hops: Walk): Line {
  const downtime = median(jumps.map(({ downtimeMs }) => downtimeMs));
  return {
    bench: "downtime of a jump over ten minors, against the time of ten hops",
    from,
    to,
    downtimeMs: Math.round(downtime),
    maintenanceTotalMs: Math.round(median(jumps.map(({ totalMs }) => totalMs))),
    maintenanceFailedRequests: median(jumps.map(({ failed }) => failed)),
    sequentialTotalMs: Math.round(hops.totalMs),
    sequentialFailedRequests: hops.failed,
    ratio: rounded(downtime / hops.totalMs),
  };
}

function median(samples: readonly number[]): number {
  return spreadOf(samples).median;
}

runAlone(module, measureDowntime);
