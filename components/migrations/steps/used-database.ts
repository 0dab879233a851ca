import type { Situation } from "./attempt";
import type { Context } from "./context";
import { StepFailure } from "./failure";
import type { GateStep } from "./input";
import { readSchemaVersion } from "./schema-version";
import { SnapshotError } from "./snapshots";
import { Wait } from "./wait";

/**
 * Refuses an installation on a database that was used although no record says by what, unless its schema version is
 * that of the release. An older release would not know that schema version, and a newer one could skip a minor.
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
    `say which release has migrated it, with restoredTo "<version>,${current}" (bsr releases lists the schema versions), ` +
      "set version to that release, and run pulumi up",
  );
}

/**
 * Reads the schema version. If nobody can read the database yet, for instance because its Secret is wrong, the deploy
 * will report it.
 */
async function read(context: Context, timeoutSeconds: number): Promise<number | null> {
  try {
    return await readSchemaVersion(context, undefined, new Wait(context, "database", timeoutSeconds));
  } catch (error) {
    if (!(error instanceof SnapshotError)) throw error;
    context.progress.say(`the schema version of the database could not be read: ${error.message}`);
    return null;
  }
}
