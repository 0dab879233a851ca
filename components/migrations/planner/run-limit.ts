import { gt } from "semver";
import { costOf, deployed, directionOf, migratesDown, strategyOf } from "./moves";
import type { Plan, Position, Step } from "./types";

/** The part of a plan that one run carries out, and the steps left for later runs. */
export interface Run {
  readonly plan: Plan;
  readonly later: readonly Step[];
}

/**
 * Cuts a plan where a run ends: after the deploy that reaches the limit, or after the first later one that leaves
 * the instance serving and owning its database. A run never ends in maintenance or just before a migration down.
 */
export function firstRun(
  plan: Plan,
  { schemaOwner, highWaterMark }: Pick<Position, "schemaOwner" | "highWaterMark">,
  deploys: number,
): Run {
  const end = endOf(plan.steps, deploys);
  if (end >= plan.steps.length) return { plan, later: [] };
  const steps = plan.steps.slice(0, end);
  const versions = deployed(steps);
  const to = versions.at(-1) ?? plan.to;
  return {
    plan: {
      ...plan,
      direction: directionOf(plan.from, to, steps),
      to,
      strategy: strategyOf(steps),
      steps,
      highWaterMark: highest(highWaterMark ?? to, ...versions),
      schemaOwner: migratesDown(steps) ? to : highest(schemaOwner ?? to, ...versions),
      ...costOf(steps),
    },
    later: plan.steps.slice(end),
  };
}

/** The number of steps in the run. Steps that no deploy follows belong to the last deploy. */
function endOf(steps: readonly Step[], limit: number): number {
  let deploys = 0;
  for (const [index, step] of steps.entries()) {
    if (step.kind === "deploy") deploys += 1;
    const isSettled = step.kind === "migrateDown" || (step.kind === "deploy" && !step.maintenance);
    const isLast = !steps.slice(index + 1).some(({ kind }) => kind === "deploy");
    if (deploys >= limit && isSettled && !isLast && steps[index + 1]?.kind !== "migrateDown")
      return index + 1;
  }
  return steps.length;
}

function highest(...versions: readonly [string, ...string[]]): string {
  return versions.reduce((one, other) => (gt(other, one) ? other : one));
}
