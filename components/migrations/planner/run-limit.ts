import { gt } from "semver";
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
  const versions = steps.flatMap((step) => (step.kind === "deploy" ? [step.version] : []));
  const to = versions.at(-1) ?? plan.to;
  const migratesDown = steps.some(({ kind }) => kind === "migrateDown");
  const restores = steps.some(({ kind }) => kind === "restore");
  const downtime = restores || steps.some((step) => step.kind === "deploy" && step.maintenance);
  return {
    plan: {
      ...plan,
      to,
      strategy: steps.some((step) => step.kind === "deploy" && step.maintenance)
        ? "maintenance"
        : "sequential",
      steps,
      highWaterMark: [highWaterMark ?? to, ...versions].reduce(higher),
      schemaOwner: migratesDown ? to : [schemaOwner ?? to, ...versions].reduce(higher),
      downtime,
      mayLoseData: migratesDown || restores,
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

const higher = (one: string, other: string): string => (gt(other, one) ? other : one);
