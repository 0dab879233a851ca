import { gt, gte } from "semver";
import { statusPage, type Facts } from "../../migrations/facts";
import type { Expectation } from "../../migrations/steps/input";
import type { LedgerPlan, LedgerPosition } from "../ledger/state";

type PlanStep = LedgerPlan["steps"][number];
export type Deploy = Extract<PlanStep, { kind: "deploy" }>;
export type MigrateDown = Extract<PlanStep, { kind: "migrateDown" }>;

/** Where a step of a plan stands: what the steps before it leave, and what a deploy is followed by. */
export interface Place {
  /** The schema owner before it (R13). */
  readonly owner: string | undefined;
  /** The version that a step before it has deployed; `null` where none has. */
  readonly after: string | null;
  /** What is deployed when it begins has maintenance on. */
  readonly inMaintenance: boolean;
  /** The migration down right behind it. */
  readonly down: MigrateDown | undefined;
}

/** A place for each step of a plan. */
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

/** Where the plan's last deploy is; -1 where it deploys nothing. What comes before it, the engine runs before the Release. */
export function lastDeploy({ steps }: Pick<LedgerPlan, "steps">): number {
  return steps.findLastIndex(({ kind }) => kind === "deploy");
}

/** What the verification of a deploy has to find (R6), as far as the plan tells it. */
export function expectationOf(
  facts: Facts,
  { version, maintenance, owner }: Omit<Deploy, "kind"> & Pick<Place, "owner">,
): Omit<Expectation, "acceptUnhealthy" | "timeoutSeconds"> {
  return {
    version,
    maintenance,
    schemaVersion: schemaVersionOf(facts, version),
    statusPage: gte(version, statusPage.since),
    // The database stays with an owner that is newer (R10).
    keepsSchema: owner !== undefined && gt(owner, version),
  };
}

/**
 * The schema version that a snapshot must have; `null` where that is not known: the database may be a newer owner's,
 * or a deploy that nobody verified may have migrated it in part.
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
