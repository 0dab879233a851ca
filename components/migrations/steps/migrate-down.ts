import { JobError } from "../cluster/jobs/job";
import { isVerified, updateRecord } from "../cluster/record/record";
import { withEvent } from "../cluster/record/events";
import { checkPrecondition, readSituation, type Situation } from "./attempt";
import type { Context } from "./context";
import { duration } from "./duration";
import { StepFailure } from "./failure";
import type { MigrateDownStep } from "./input";
import { OwnerError } from "./owner/owner";
import { runOwner } from "./owner/run";
import { forgetOwner } from "./owner/saved";
import { findOwner, refuseUnknown } from "./prepare-down";
import { readSchemaVersion } from "./schema-version";
import { SnapshotError } from "./snapshots";
import { verifyDeploy } from "./verification/verify-deploy";
import { Wait } from "./wait";

/**
 * Migrates the database down to a release that is deployed (R11), with the owner's binary. It first waits until the
 * deploy is verified, as no pod of the owner is left then. Afterwards the release owns the database, and is verified as
 * its owner.
 */
export async function migrateDown(context: Context, step: MigrateDownStep): Promise<void> {
  const { progress } = context;
  const { down, version } = step;
  const situation = await readSituation(context);
  // The deploy before has verified it already, unless the Release made that deploy.
  const { live, record } = situation;
  if (live?.version !== version || !isVerified(record, live))
    await verifyDeploy(context, { ...step, keepsSchema: true });

  const begun = new Date().toISOString();
  const wait = new Wait(context, `migrate down to ${down.schemaVersion}`, down.choice.timeoutSeconds);
  let before: number | null;
  try {
    before = await bringDown(context, step, situation, wait);
  } catch (error) {
    if (error instanceof JobError || error instanceof OwnerError || error instanceof SnapshotError)
      throw failure(step, error.message);
    throw error;
  }
  await wait.read(() =>
    updateRecord(context.cluster, context.record, (record) =>
      withEvent(
        { ...record, schemaOwner: version },
        {
          kind: "migratedDown",
          transition: context.setting.transition,
          begun,
          at: new Date().toISOString(),
          version,
          binary: down.binary,
          from: before,
          to: down.schemaVersion,
        },
      ),
    ),
  );
  await wait.read(() => forgetOwner(context, down.binary));
  progress.say(
    `${version}: the database is at schema version ${down.schemaVersion}, ${duration(wait.elapsedMilliseconds)}`,
  );
  if (step.isHop) await verifyDeploy(context, step);
}

/** Returns the schema version before, or `null` if nothing can read it. */
async function bringDown(
  context: Context,
  { down, version }: MigrateDownStep,
  { live }: Situation,
  wait: Wait,
): Promise<number | null> {
  const read = () => readSchemaVersion(context, live, wait);
  const before = await read();
  if (before !== null && before <= down.schemaVersion) {
    context.progress.say(`schema version ${before}: there is nothing to migrate down`);
    return before;
  }
  refuseUnknown(before, down);
  const owner = await findOwner(context, down, wait);
  // If somebody has deployed since the verification, that deploy may have migrated the database up.
  checkPrecondition(
    context,
    { version, after: version, plannedAtRevision: null },
    await readSituation(context),
  );
  await runOwner(context, {
    owner,
    schemaVersion: down.schemaVersion,
    choice: down.choice,
    rehearsal: false,
  });
  const after = await read();
  if (after !== null && after !== down.schemaVersion) {
    throw new OwnerError(
      `migratedownto ended without an error, and the database has schema version ${after}, wanted ${down.schemaVersion}`,
    );
  }
  return before;
}

function failure({ version, down }: MigrateDownStep, why: string): StepFailure {
  return new StepFailure(
    `the database was not migrated down to ${down.schemaVersion} with the binary of ${down.binary}: ${why}`,
    `${version} is deployed and serves, as it does on a database of the minor above; the migrations that were undone stay undone`,
    "fix the cause, then run pulumi up again: it goes on at the schema version that the database has",
  );
}
