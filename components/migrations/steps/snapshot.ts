import { updateRecord, type Snapshot, type TransitionRecord } from "../cluster/record/record";
import { methodOf, SnapshotError, type SnapshotMethod } from "./snapshots";
import { boundsAt } from "../cluster/record/changes";
import { markedSnapshots, outdated } from "./snapshots/retention";
import { checkPrecondition, readSituation } from "./attempt";
import type { Context } from "./context";
import { duration } from "./duration";
import { StepFailure } from "./failure";
import type { SnapshotStep } from "./input";
import { Wait } from "./wait";

/**
 * Takes a snapshot of the database and verifies it (R9); the next step waits for that. One that is taken in maintenance
 * counts only if nobody could write: when it is done, maintenance must still be on at the same revision.
 */
export async function snapshot(context: Context, step: SnapshotStep): Promise<void> {
  const { setting, progress } = context;
  const method = methodOf(step.method);
  const wait = new Wait(context, step.version, step.method.timeoutSeconds);
  const revision = await checkLive(context, step);
  const at = new Date().toISOString();
  // The id has the time, because transitions count from 1 again if both record and stack are lost.
  const id = `${at.replaceAll(/[-:]|\.\d+/g, "").toLowerCase()}-${step.version}`;
  progress.say(`${step.version}: taking the snapshot ${id}`);
  const taken = await take(context, step, method, wait, id);
  try {
    if ((await checkLive(context, step)) !== revision) throw moved(step);
  } catch (error) {
    await discard(context, method, wait, id);
    throw error;
  }

  const record = await wait.read(() =>
    updateRecord(context.cluster, context.record, (stored) => ({
      ...stored,
      snapshots: [
        ...markedSnapshots(stored),
        {
          id,
          method: step.method.kind,
          version: step.version,
          ...boundsAt(stored, setting, step.version, step.after === null),
          lineage: setting.lineage,
          transition: setting.transition,
          revision,
          maintenance: step.maintenance,
          at,
          beforeFailure: false,
          ...taken,
        },
      ],
    })),
  );
  progress.say(
    `${step.version}: snapshot ${id} verified as ${describe(taken)}, ${duration(wait.elapsedMilliseconds)}`,
  );
  await prune(context, step, method, record, wait);
}

async function take(context: Context, step: SnapshotStep, method: SnapshotMethod, wait: Wait, id: string) {
  try {
    const taken = await method.take(context, wait, { id, version: step.version, quiet: step.maintenance });
    refuseOtherSchema(step, taken);
    return taken;
  } catch (error) {
    if (!(error instanceof SnapshotError)) throw error;
    await discard(context, method, wait, id);
    throw new StepFailure(
      `no snapshot was taken at ${step.version}: ${error.message}`,
      leftOf(step),
      step.maintenance
        ? `fix the cause, then run pulumi up again: it takes the snapshot and goes on. To end maintenance instead, ` +
            `set version to ${step.version} and run pulumi up`
        : "fix the cause, then run pulumi up again: it takes the snapshot and goes on",
    );
  }
}

/**
 * Deletes a snapshot that is not on record, as it would stay there for ever. If that fails, the first error is still
 * the one to report.
 */
async function discard(context: Context, method: SnapshotMethod, wait: Wait, id: string): Promise<void> {
  await method.delete?.(context, wait, [id]).catch(() => undefined);
}

function refuseOtherSchema(step: SnapshotStep, { schemaVersion }: Pick<Snapshot, "schemaVersion">): void {
  if (schemaVersion === null || step.schemaVersion === null || schemaVersion === step.schemaVersion) return;
  throw new SnapshotError(
    `it has schema version ${schemaVersion}, and ${step.version} has ${step.schemaVersion}; somebody migrated the database by hand`,
  );
}

/** Returns the live revision, if it is what the step was planned for. */
async function checkLive(context: Context, step: SnapshotStep): Promise<number> {
  const situation = await readSituation(context);
  checkPrecondition(context, step, situation);
  const { live } = situation;
  if (live === undefined || live.maintenance !== step.maintenance) throw moved(step);
  return live.revision;
}

function moved({ maintenance }: SnapshotStep): StepFailure {
  const left = "nothing was deployed by this step; what is live goes on";
  const remedy = "run pulumi up again: it plans from what is there now";
  return maintenance
    ? new StepFailure(
        "maintenance was ended while the snapshot was to be taken: rows may have been written since, so it is not used",
        left,
        remedy,
      )
    : new StepFailure("the release was changed while the snapshot was taken", left, remedy);
}

function leftOf({ version, maintenance }: SnapshotStep): string {
  return maintenance
    ? `${version} runs with maintenance on, so no row is lost, and no call is served; nothing after this step was begun`
    : `${version} goes on serving; nothing was deployed`;
}

function describe({
  verified,
  bytes,
  schemaVersion,
  place,
}: Pick<Snapshot, "verified" | "bytes" | "schemaVersion" | "place">): string {
  const size = bytes === null ? "" : `, ${(bytes / 1_048_576).toFixed(1)} MB`;
  const schema = schemaVersion === null ? "" : `, schema version ${schemaVersion}`;
  return `${verified}${size}${schema}, ${place}`;
}

/**
 * Deletes old snapshots. One that cannot be deleted now is deleted after the next snapshot, and fails no transition.
 */
async function prune(
  context: Context,
  step: SnapshotStep,
  method: SnapshotMethod,
  record: TransitionRecord,
  wait: Wait,
): Promise<void> {
  if (method.keep === undefined || method.delete === undefined) return;
  const ids = outdated(record, step.method.kind, method.keep).map(({ id }) => id);
  if (ids.length === 0) return;
  try {
    await method.delete(context, wait, ids);
  } catch (error) {
    if (!(error instanceof SnapshotError)) throw error;
    context.progress.say(`old snapshots were not deleted: ${error.message}`);
    return;
  }
  await wait.read(() =>
    updateRecord(context.cluster, context.record, (stored) => ({
      ...stored,
      snapshots: stored.snapshots.filter(({ id }) => !ids.includes(id)),
    })),
  );
}
