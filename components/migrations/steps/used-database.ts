import type { Situation } from "./attempt";
import type { Context } from "./context";
import { StepFailure } from "./failure";
import type { GateStep } from "./input";
import { readSchemaVersion } from "./schema-version";
import { SnapshotError } from "./snapshots";
import { Wait } from "./wait";

/**
 * An installation on a database of which no record tells anything, but that was used: its schema version must be that
 * of the release. An older release would not know it, and a newer one could jump over a minor.
 */
export async function refuseUsedDatabase(
  context: Context,
  { version, schemaVersion, timeoutSeconds }: GateStep,
  { live, record }: Situation,
): Promise<void> {
  const isKnown = (record?.schemaOwner ?? record?.highWaterMark ?? null) !== null;
  if (live !== undefined || isKnown) return;
  const current = await read(context, timeoutSeconds);
  if (current === null || current === 0 || current === schemaVersion) return;
  throw new StepFailure(
    `the database was used before: it has schema version ${current}, ${version} has ${schemaVersion ?? "an unknown one"}, ` +
      "and no record is left of what ran on it",
    "nothing was deployed",
    `tell which release has migrated it: restoredTo "<version>,${current}" (bsr releases lists their schema versions), ` +
      "set version to that release, and run pulumi up",
  );
}

/** A database that nobody can read yet, such as one whose Secret is wrong, is for the deploy to tell. */
async function read(context: Context, timeoutSeconds: number): Promise<number | null> {
  try {
    return await readSchemaVersion(context, undefined, new Wait(context, "database", timeoutSeconds));
  } catch (error) {
    if (!(error instanceof SnapshotError)) throw error;
    context.progress.say(`the schema version of the database could not be read: ${error.message}`);
    return null;
  }
}
