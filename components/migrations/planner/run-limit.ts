import { gt } from "semver";
import { costOf, deployed, directionOf, migratesDown, strategyOf } from "./moves";
import type { Plan, Position, Step } from "./types";

/** What one run carries out of a plan, and what is left for the runs after it. */
export interface Run {
  readonly plan: Plan;
  readonly later: readonly Step[];
}

/**
 * Cuts a plan where a run ends: behind the deploy that reaches the limit, or the first one after it that leaves the
 * instance serving and the database its own. A run ends in no maintenance, and not before a migration down.
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

/** The number of steps up to the end of the run; steps that nothing is deployed after belong to the last deploy. */
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
