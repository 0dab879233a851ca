import fc from "fast-check";
import { Cluster } from "./cluster";
import { commands, firstConfig, type Walk } from "./commands";
import { reachTarget } from "./remedies";
import { Stack } from "./stack";

/** The seed that is walked where no other is given. */
const usualSeed = 20260101;

/**
 * Walks random sequences and throws where a law breaks, with the seed and the shortest sequence that breaks it.
 * `WALKS_SEED=<number>` in the environment gives another seed, and `WALKS=<number>` another number of sequences.
 *
 * Answers how often each thing was seen, so that a test can say that no law held for want of a case.
 */
export function walk(sequences: number): ReadonlyMap<string, number> {
  const { WALKS: number, WALKS_SEED: seed } = process.env;
  const seen = new Map<string, number>();
  const see = (what: string) => seen.set(what, (seen.get(what) ?? 0) + 1);
  fc.assert(
    fc.property(firstConfig, fc.commands(commands, { maxCommands: 25, size: "max" }), (config, sequence) => {
      const cluster = new Cluster();
      const stack = new Stack(cluster, config, see);
      const exported: Walk["exported"] = [];
      stack.up();
      fc.modelRun(() => ({ model: cluster, real: { stack, exported, see } }), sequence);
      reachTarget(stack, exported, see);
    }),
    { numRuns: Number(number ?? sequences), seed: Number(seed ?? usualSeed) },
  );
  return seen;
}
