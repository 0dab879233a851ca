import { meanOf, rounded, spreadOf, type Line } from "../line";
import type { Walk } from "./by-pulumi";

const GOAL_RATIO = 1.1;

/**
 * A hop's time by the number of deploys of its `pulumi up`. Hops are held against hops only: the last deploy of each is
 * another thing, and told apart.
 */
export function byNumber(walks: readonly Walk[]): Line {
  const numbers = [...new Set(walks.map(({ deploys }) => deploys))].sort((one, other) => other - one);
  const means = numbers.map((number) =>
    meanOf(walks.filter(({ deploys }) => deploys === number).flatMap(({ hopMs }) => hopMs)),
  );
  const hops = spreadOf(walks.flatMap(({ hopMs }) => hopMs));
  const ratio = rounded((means[0] ?? Number.NaN) / (means.at(-1) ?? Number.NaN));
  return {
    bench: "time of a hop, by the number of deploys of its pulumi up",
    ...Object.fromEntries(
      numbers.map((number, at) => [`of${number}Ms`, Math.round(means[at] ?? Number.NaN)]),
    ),
    minMs: Math.round(hops.min),
    maxMs: Math.round(hops.max),
    lastDeployMs: Math.round(meanOf(walks.map(({ lastMs }) => lastMs))),
    ratio,
    goal: GOAL_RATIO,
    met: ratio <= GOAL_RATIO,
  };
}
