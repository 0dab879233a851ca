import { readHelmHistory } from "../cluster/helm/history";
import { removeJob } from "../cluster/jobs/job";
import { emptyRecord, updateRecord, type TransitionRecord } from "../cluster/record/record";
import { withRestore } from "../cluster/record/changes";
import { podsLeft, resume, stop } from "../cluster/pods/standstill";
import { workloadsOf, type Workload } from "../cluster/pods/workloads";
import { checkPrecondition, readSituation, type Situation } from "./attempt";
import type { Context } from "./context";
import { duration } from "./duration";
import { StepFailure } from "./failure";
import type { RestoreStep } from "./input";
import { methodOf, SnapshotError, snapshotJobName, type Restored, type SnapshotMethod } from "./snapshots";
import { Wait } from "./wait";

/** How long the cluster may not answer while a Job is ended. */
const cutOffSeconds = 120;

/**
 * Goes back to a snapshot (R18): checks that it can be restored, stops every pod, so that nobody writes, restores it
 * beside the present database, and switches over. Owner and mark become the snapshot's. Where that fails, the pods are
 * started again, on the database that they had; the deploy that follows starts them otherwise.
 */
export async function restore(context: Context, step: RestoreStep): Promise<void> {
  const { setting, cluster, progress } = context;
  const situation = await readSituation(context);
  checkPrecondition(context, step, situation);
  const wait = new Wait(context, `restore ${step.snapshot}`, step.method.timeoutSeconds);
  const history = await wait.read(() => readHelmHistory(cluster, setting.namespace, setting.release));
  const newest = history.at(-1);
  const workloads = history.flatMap(({ manifest }) => workloadsOf(manifest));
  const { snapshot, check, bring } = wayOf(context, step, situation.record, wait);
  await checked(context, step, check);
  const restored = await withoutPods(context, step, workloads, wait, bring);

  await wait.read(() =>
    updateRecord(cluster, context.record, (stored) => {
      const done = {
        snapshot: step.snapshot,
        transition: setting.transition,
        revision: newest?.revision ?? 0,
        deployedAt: newest?.deployedAt,
        at: new Date().toISOString(),
        ...(stored.restoring === null ? {} : { stoppedAt: stored.restoring.at }),
        kept: restored.kept,
      };
      return withRestore(stored, done, snapshot, setting.lineage);
    }),
  );
  progress.say(
    `restored ${step.snapshot} of ${snapshot.version}, schema version ${restored.schemaVersion}, ` +
      `${duration(wait.elapsedMilliseconds)}; what was there before is kept as ${restored.kept} until you drop it`,
  );
}

/**
 * Ends what a restore that was cut off has left: its Job goes on in the cluster, and would switch over under the pods
 * that a deploy is about to start.
 */
export async function endCutOffRestore(
  context: Context,
  { record }: Pick<Situation, "record">,
): Promise<void> {
  const { restoring, restores } = record ?? emptyRecord;
  // Until a deploy is verified also one that is done is there: its pods are still to be started.
  const isDone = restores.some(({ transition }) => transition === restoring?.transition);
  if (restoring === null || isDone) return;
  const { cluster, setting, progress } = context;
  const wait = new Wait(context, "restore", cutOffSeconds);
  progress.say(
    `a restore of ${restoring.snapshot} was cut off: its Job is ended. Had it switched over already, what was there ` +
      "before is kept in the database server under <database>_before_restore_<time>",
  );
  await removeJob(cluster, { namespace: setting.namespace, name: snapshotJobName(setting.release) }, wait);
}

interface Way {
  /** What the restored database has. */
  readonly snapshot: NonNullable<RestoreStep["byHand"]>;
  /** Whether it can be done, asked while all pods run. */
  readonly check: () => Promise<void>;
  readonly bring: () => Promise<Restored>;
}

/** By the method that took the snapshot; or it was done by hand, and the schema version is read. */
function wayOf(context: Context, step: RestoreStep, record: TransitionRecord | null, wait: Wait): Way {
  const { byHand } = step;
  const method = methodOf(step.method);
  if (byHand !== null) {
    const bring = () => accept(context, method, byHand, wait);
    return { snapshot: byHand, check: async () => void (await bring()), bring };
  }
  const snapshot = record?.snapshots.find(({ id }) => id === step.snapshot);
  if (snapshot === undefined)
    throw failure(`the cluster's record has no snapshot ${step.snapshot}`, nothingChanged);
  return {
    snapshot: { ...snapshot, schemaVersion: snapshot.schemaVersion ?? 0 },
    check: () => method.checkRestore(context, wait, snapshot),
    bring: () => method.restore(context, wait, snapshot),
  };
}

/** After a failed rollout the old pods are what serves, and once stopped they do not come back: so this comes first. */
async function checked(
  context: Context,
  { snapshot }: RestoreStep,
  check: () => Promise<void>,
): Promise<void> {
  context.progress.say(`restore ${snapshot}: checking that it can be done`);
  try {
    await check();
  } catch (error) {
    if (error instanceof SnapshotError) throw failure(error.message, nothingChanged);
    throw error;
  }
}

async function accept(
  context: Context,
  method: SnapshotMethod,
  { schemaVersion: wanted }: NonNullable<RestoreStep["byHand"]>,
  wait: Wait,
): Promise<Restored> {
  const schemaVersion = await method.readSchemaVersion?.(context, wait);
  if (schemaVersion === undefined) throw new SnapshotError("the method cannot read the schema version");
  if (schemaVersion !== wanted) {
    throw new SnapshotError(
      `the database has schema version ${schemaVersion}, and restoredTo says ${wanted}` +
        (schemaVersion > wanted ? "; pods that ran since may have migrated it up again" : ""),
    );
  }
  return { kept: "you have kept it", schemaVersion };
}

/** Stops every pod first, so that nobody writes meanwhile. What is cut off in here is on record until a deploy is verified. */
async function withoutPods(
  context: Context,
  step: RestoreStep,
  workloads: readonly Workload[],
  wait: Wait,
  bring: () => Promise<Restored>,
): Promise<Restored> {
  const { setting, cluster, progress } = context;
  const { namespace } = setting;
  const say = (restoring: TransitionRecord["restoring"]) =>
    wait.read(() => updateRecord(cluster, context.record, (stored) => ({ ...stored, restoring })));
  try {
    await say({ snapshot: step.snapshot, transition: setting.transition, at: new Date().toISOString() });
    progress.say(`restore ${step.snapshot}: stopping every pod`);
    await wait.read(() => stop(cluster, namespace, workloads));
    await awaitStandstill(context, workloads, wait);
    return await bring();
  } catch (error) {
    // Whoever took the lease decides about the pods now.
    if (!context.signal.aborted) {
      await wait.read(() => resume(cluster, namespace, workloads));
      await say(null);
    }
    if (error instanceof SnapshotError) throw failure(error.message, startedAgain);
    throw error;
  }
}

async function awaitStandstill(
  { cluster, setting }: Context,
  workloads: readonly Workload[],
  wait: Wait,
): Promise<void> {
  for (;;) {
    const left = await wait.read(() => podsLeft(cluster, setting.namespace, workloads));
    if (left.length === 0) return;
    wait.tell(`pods left: ${left.join(", ")}`);
    if (wait.isOver) throw new SnapshotError(`pods do not end: ${left.join(", ")}`);
    await wait.pause(1000);
  }
}

const nothingChanged = "nothing was stopped or changed; what is live goes on";
const startedAgain =
  "the present database is as it was, and its pods are started again: those of the newest deploy, whether it was verified or not";

function failure(what: string, left: string): StepFailure {
  return new StepFailure(
    `the snapshot was not restored: ${what}`,
    left,
    "mend the cause, then run pulumi up again: it restores from the start. Or remove restore or restoredTo from the configuration",
  );
}
