import type { Facts } from "../migrations/facts";
import type { LedgerPlan } from "./ledger-state";

/** A plan as lines for a person: the stack's output `plan`, in preview and in review. */
export function planLines(facts: Facts, plan: LedgerPlan): string[] {
  return [
    `${plan.from ?? "nothing deployed"} to ${plan.to} (${plan.direction}), plan ${plan.hash}`,
    ...plan.steps.map((step, index) => `${index + 1}. ${stepText(facts, step)}`),
    ...(plan.steps.length === 0 ? ["nothing to do"] : []),
    plan.downtime ? "downtime: while maintenance is on" : "downtime: none",
    ...(plan.mayLoseData ? ["data of newer features may be lost"] : []),
    ...plan.warnings.map((warning) => `warning: ${warning}`),
    ...(plan.assumed === undefined ? [] : [`assumed: ${plan.assumed}`]),
  ];
}

/** One step in words, without its number. */
export function stepText(facts: Facts, step: LedgerPlan["steps"][number]): string {
  switch (step.kind) {
    case "deploy": {
      const schema = facts.releases.find((release) => release.version === step.version)?.databaseVersion;
      const about = [
        ...(schema == null ? [] : [`schema version ${schema}`]),
        ...(step.maintenance ? ["maintenance on"] : []),
      ];
      return `deploy ${step.version}${about.length === 0 ? "" : ` (${about.join(", ")})`}`;
    }
    case "snapshot":
      return `take a snapshot at ${step.version}`;
    case "awaitDataMigration":
      return `wait for the data migration of ${step.version}`;
    case "migrateDown":
      return `migrate the database down to ${step.schemaVersion} with ${step.binary}`;
  }
}
