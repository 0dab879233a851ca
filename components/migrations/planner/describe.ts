import type { Facts } from "../facts";
import { schemaVersion } from "./downward";
import { tableOf, type ReleaseTable } from "./release-table";
import { higherOf } from "./situation";
import type { Plan, Position, Step } from "./types";
import { compare, parseExact, type Version } from "./versions";

/** A step in words. */
export interface StepDescription {
  /** What it does, without its number. */
  readonly action: string;
  /** The version deployed last once the step is done; `null` before an install. */
  readonly version: string | null;
  /** The database's schema version once the step is done; `null` where it is not known. */
  readonly schemaVersion: number | null;
}

/** Describes each step of a plan in words, for everything that shows a plan. */
export function describeSteps(
  facts: Facts,
  position: Pick<Position, "deployedVersion" | "schemaOwner">,
  plan: Pick<Plan, "steps">,
): StepDescription[] {
  const table = tableOf(facts);
  let version = parsed(position.deployedVersion);
  const owner = higherOf(parsed(position.schemaOwner), version);
  let schema = owner === null ? null : schemaVersion(table, owner);
  let highest = owner;
  return plan.steps.map((step) => {
    if (step.kind === "restore") {
      version = null;
      highest = parseExact(step.version);
      schema = step.schemaVersion;
    }
    if (step.kind === "deploy") {
      version = parseExact(step.version);
      if (version !== null && (highest === null || compare(version, highest) > 0)) {
        highest = version;
        const own = schemaVersion(table, version);
        // A snapshot's owner may be above its version: then a deploy brings nothing new.
        schema = own === null || schema === null ? own : Math.max(own, schema);
      }
    }
    if (step.kind === "migrateDown") {
      highest = version;
      schema = step.schemaVersion;
    }
    return { action: actionOf(table, step), version: version?.version ?? null, schemaVersion: schema };
  });
}

function parsed(text: string | null): Version | null {
  return text === null ? null : parseExact(text);
}

function actionOf(table: ReleaseTable, step: Step): string {
  switch (step.kind) {
    case "restore":
      if (step.byHand === true)
        return `accept the database that was restored by hand, of ${step.version} (schema version ${step.schemaVersion})`;
      return (
        `restore the snapshot of ${step.version} (schema version ${step.schemaVersion}) beside the present database ` +
        "and switch over to it"
      );
    case "deploy":
      return step.maintenance ? `deploy ${step.version} with maintenance on` : `deploy ${step.version}`;
    case "snapshot":
      return "take a snapshot of the database";
    case "awaitDataMigration":
      return `wait until the data migration of ${step.version} has completed`;
    case "migrateDown":
      return `migrate the database down to ${step.schemaVersion} with the binary of ${binaryText(table, step.binary)}`;
  }
}

function binaryText(table: ReleaseTable, binary: string): string {
  const version: Version | null = parseExact(binary);
  return version === null || table.release(version) === undefined
    ? `${binary} (not a known release)`
    : binary;
}
