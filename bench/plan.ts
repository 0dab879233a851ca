import { builtInFacts } from "../components/migrations/facts";
import { makePlan, type Request } from "../components/migrations/planner";
import { print, spreadOf, type Line } from "./line";

const GOAL_MS = 50;
const WARM_UPS = 5;
const RUNS = 21;

/** The planner over all pairs of the built-in table. */
export function measurePlan(): Line {
  const versions = builtInFacts.releases.map(({ version }) => version);
  const allPairs = () => {
    let planned = 0;
    for (const from of versions) {
      for (const target of versions) planned += steps(from, target);
    }
    return planned;
  };
  for (let run = 0; run < WARM_UPS; run += 1) allPairs();
  const samples: number[] = [];
  let planned = 0;
  for (let run = 0; run < RUNS; run += 1) {
    const start = performance.now();
    planned = allPairs();
    samples.push(performance.now() - start);
  }
  const { median, min, max } = spreadOf(samples);
  return {
    bench: "planner over all pairs",
    pairs: versions.length ** 2,
    steps: planned,
    medianMs: median,
    minMs: min,
    maxMs: max,
    goalMs: GOAL_MS,
    met: median < GOAL_MS,
  };
}

function steps(from: string, target: string): number {
  const request: Request = {
    target,
    strategy: "sequential",
    allowDowntime: false,
    acknowledgeDataLoss: `${from}->${target}`,
    snapshots: true,
    given: [{ path: "license.key", versions: "*" }],
  };
  const position = { deployedVersion: from, schemaOwner: from, highWaterMark: from, settled: true };
  const outcome = makePlan(builtInFacts, position, request, { dataMigrations: [], snapshot: null });
  return outcome.outcome === "plan" ? outcome.steps.length : 0;
}

if (require.main === module) print(measurePlan());
