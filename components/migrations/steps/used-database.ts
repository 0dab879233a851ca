import type { Situation } from "./attempt";
import { isVerified } from "../cluster/record/record";
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
 * Refuses a database that is not the one that the live release was verified on, such as an older one that somebody
 * restored in its place: a deploy could take it over more than one minor. Judged only where the live release owns the
 * database, and its pods show the schema version.
 */
export function refuseReplacedDatabase({ live, record }: Situation, current: number | null): void {
  const verified = record?.verified?.version;
  if (record == null || verified === undefined || !isVerified(record, live)) return;
  const known = record.learned[verified];
  if (current === null || known === undefined || current === known || record.schemaOwner !== verified) return;
  throw new StepFailure(
    `the database was replaced, or migrated by hand: it has schema version ${current}, and had ${known} when ` +
      `${verified} was verified on it`,
    `nothing was deployed; ${verified} runs on it as before`,
    `bring the database back that was there. If it is a restored one that is to stay, say which release had migrated ` +
      `it: restoredTo "<version>,${current}" (bsr releases lists their schema versions), set version to that release, ` +
      "and run pulumi up",
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
