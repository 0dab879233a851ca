import type { Facts } from "../migrations/facts";
import { describeSteps } from "../migrations/planner";
import type { LedgerPlan, LedgerPosition } from "./ledger-state";

/** A plan as lines for a person: the stack's output `plan`, in preview and in review. */
export function planLines(facts: Facts, plan: LedgerPlan, position: LedgerPosition): string[] {
  return [
    `${plan.from ?? "nothing deployed"} to ${plan.to} (${plan.direction}), plan ${plan.hash}`,
    ...steps(facts, plan, position).map(({ action, schemaVersion }, index) => {
      const schema = schemaVersion === null ? "" : ` (schema version ${schemaVersion})`;
      return `${index + 1}. ${action}${schema}`;
    }),
    ...(plan.steps.length === 0 ? ["nothing to do"] : []),
    plan.downtime ? "downtime: while maintenance is on" : "downtime: none",
    ...(plan.mayLoseData ? ["data of newer features may be lost"] : []),
    ...plan.warnings.map((warning) => `warning: ${warning}`),
    ...(plan.assumed === undefined ? [] : [`assumed: ${plan.assumed}`]),
  ];
}

/** Each step of a plan with its place in it: `deploy 1.5.1 (step 2 of 4)`. */
export function stepTexts(facts: Facts, plan: LedgerPlan, position: LedgerPosition): string[] {
  return steps(facts, plan, position).map(
    ({ action }, index) => `${action} (step ${index + 1} of ${plan.steps.length})`,
  );
}

function steps(facts: Facts, plan: LedgerPlan, position: LedgerPosition) {
  const { deployedVersion = null, schemaOwner = null } = position;
  return describeSteps(facts, { deployedVersion, schemaOwner }, plan);
}
