import type { Facts } from "../components/migrations/facts";
import type { Outcome, Plan, Position } from "../components/migrations/planner";

/** An outcome with what it was made from. */
export interface Shown {
  readonly facts: Facts;
  readonly position: Position;
  readonly outcome: Outcome;
}

/** The plan in one sentence. */
export function headline(plan: Plan): string {
  const { direction, from, to } = plan;
  if (direction === "none") return `Nothing to do: ${to} is deployed, and the position is settled.`;
  if (direction === "install") return `Install ${to}${costs(plan)}.`;
  if (direction === "restore") return `Restore a snapshot and deploy ${to}${costs(plan)}.`;
  if (direction === "redeploy") return `Deploy ${to} again${costs(plan)}.`;
  if (direction === "upgrade") return `Upgrade from ${from} to ${to}${costs(plan)}.`;
  return from === to
    ? `Take the database back to ${to}${costs(plan)}.`
    : `Downgrade from ${from} to ${to}${costs(plan)}.`;
}

function costs({ downtime, mayLoseData }: Plan): string {
  return `, ${downtime ? "with downtime" : "with no downtime"}${mayLoseData ? "; data may be lost" : ""}`;
}

/** Where the instance stands after the plan. */
export function endOf(plan: Plan): string {
  return (
    `${plan.to} is the deployed version, ${plan.schemaOwner} the schema owner, ` +
    `${plan.highWaterMark} the high-water mark.`
  );
}

/** How this command is told what the remedy of a refusal names as a configuration key. */
export const optionFor: Readonly<Record<string, string>> = {
  "invalid-version": "--from, --to, --schema-owner, --high-water-mark, --acknowledge-data-loss or --restore",
  "below-high-water-mark": "--acknowledge-data-loss",
  "downtime-not-allowed": "--allow-downtime, or --strategy sequential",
  "license-required": "leave out --no-license",
  "snapshot-required": "leave out --no-snapshots, or --strategy sequential",
  "unfinished-maintenance": "--strategy maintenance",
};
