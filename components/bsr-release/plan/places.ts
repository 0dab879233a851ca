import { gt, gte } from "semver";
import { statusPage, type Facts } from "../../migrations/facts";
import type { Expectation } from "../../migrations/steps/input";
import type { LedgerPlan, LedgerPosition } from "../ledger/state";

type PlanStep = LedgerPlan["steps"][number];
export type Deploy = Extract<PlanStep, { kind: "deploy" }>;
export type MigrateDown = Extract<PlanStep, { kind: "migrateDown" }>;

/** The place of a step in its plan: what the steps before it leave, and what follows a deploy. */
export interface Place {
  /** The schema owner before it (R13). */
  readonly owner: string | undefined;
  /** The version that the steps before it have deployed last; `null` if none has deployed. */
  readonly after: string | null;
  /** Whether maintenance is on when it begins. */
  readonly inMaintenance: boolean;
  /** The migration down that directly follows it. */
  readonly down: MigrateDown | undefined;
}

/** Returns the place of each step of a plan. */
export function placesOf(
  { steps }: Pick<LedgerPlan, "steps">,
  { schemaOwner, maintenance }: Pick<LedgerPosition, "schemaOwner" | "maintenance">,
): Place[] {
  let owner = schemaOwner;
  let after: string | null = null;
  let inMaintenance = maintenance === true;
  return steps.map((step, index) => {
    const next = steps[index + 1];
    const place = { owner, after, inMaintenance, down: next?.kind === "migrateDown" ? next : undefined };
    if (step.kind === "deploy") {
      after = step.version;
      inMaintenance = step.maintenance;
      if (owner === undefined || gt(step.version, owner)) owner = step.version;
    }
    if (step.kind === "migrateDown") owner = after ?? owner;
    return place;
  });
}

/** Returns the index of the plan's last deploy, or -1 if there is none. The steps before it run before the Release. */
export function lastDeploy({ steps }: Pick<LedgerPlan, "steps">): number {
  return steps.findLastIndex(({ kind }) => kind === "deploy");
}

/** Returns what the verification of a deploy has to find (R6), as far as the plan knows it. */
export function expectationOf(
  facts: Facts,
  { version, maintenance, owner }: Omit<Deploy, "kind"> & Pick<Place, "owner">,
): Omit<Expectation, "acceptUnhealthy" | "timeoutSeconds"> {
  return {
    version,
    maintenance,
    schemaVersion: schemaVersionOf(facts, version),
    statusPage: gte(version, statusPage.since),
    // The database stays with a newer owner (R10).
    keepsSchema: owner !== undefined && gt(owner, version),
  };
}

/**
 * Returns the schema version that a snapshot must have, or `null` if that is not known: the database may belong to a
 * newer owner, or a deploy that was never verified may have migrated it in part.
 */
export function schemaToSave(
  facts: Facts,
  { settled }: Pick<LedgerPosition, "settled">,
  version: string,
  { owner, after }: Pick<Place, "owner" | "after">,
): number | null {
  const isOwner = owner === undefined || !gt(owner, version);
  const isVerified = settled || after !== null;
  return isOwner && isVerified ? schemaVersionOf(facts, version) : null;
}

export function schemaVersionOf({ releases }: Facts, version: string): number | null {
  return releases.find((release) => release.version === version)?.databaseVersion ?? null;
}
