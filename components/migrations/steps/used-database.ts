import type { Situation } from "./attempt";
import { isVerified } from "../cluster/record/record";
import type { Context } from "./context";
import { StepFailure } from "./failure";
import { readCurrentSchema } from "./health";
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
    sayWhichRelease(current),
  );
}

/**
 * Refuses a database that is not the one that the live release was verified on, such as an older one that somebody
 * restored in its place: a deploy could take it over more than one minor. Judged only where the live release owns the
 * database, and its pods show the schema version.
 */
export async function refuseReplacedDatabase(context: Context, { live, record }: Situation): Promise<void> {
  if (live === undefined || record === null || !isVerified(record, live)) return;
  const { version } = live;
  const known = record.learned[version];
  if (known === undefined || record.schemaOwner !== version) return;
  const current = await readCurrentSchema(context, live);
  if (current === null || current === known) return;
  throw new StepFailure(
    `the database was replaced, or migrated by hand: it has schema version ${current}, and had ${known} when ` +
      `${version} was verified on it`,
    `nothing was deployed; ${version} runs on it as before`,
    `bring the database back that was there. If it is a restored one that is to stay, ${sayWhichRelease(current)}`,
  );
}

function sayWhichRelease(schemaVersion: number): string {
  return (
    `say which release has migrated it, with restoredTo "<version>,${schemaVersion}" (bsr releases lists the schema ` +
    "versions), set version to that release, and run pulumi up"
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
