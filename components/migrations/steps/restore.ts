import { readHelmHistory } from "../cluster/helm-history";
import { updateRecord, type Snapshot } from "../cluster/record";
import { podsLeft, resume, stop } from "../cluster/standstill";
import { workloadsOf, type Workload } from "../cluster/workloads";
import { checkPrecondition, readSituation } from "./attempt";
import type { Context } from "./context";
import { duration } from "./duration";
import { StepFailure } from "./failure";
import type { RestoreStep } from "./input";
import { methodOf, SnapshotError } from "./snapshots";
import { Wait } from "./wait";

/**
 * Goes back to a snapshot (R18): stops every pod, so that nobody writes, restores the snapshot beside the present
 * database, and switches over. Owner and mark become the snapshot's. Where that fails, the pods run again as before, on
 * the database that they had; the deploy that follows starts them otherwise.
 */
export async function restore(context: Context, step: RestoreStep): Promise<void> {
  const { setting, cluster, progress } = context;
  const situation = await readSituation(context);
  checkPrecondition(context, step, situation);
  const snapshot = situation.record?.snapshots.find(({ id }) => id === step.snapshot);
  if (snapshot === undefined) throw failure(`the cluster's record has no snapshot ${step.snapshot}`);
  const wait = new Wait(context, `restore ${snapshot.id}`, step.method.timeoutSeconds);
  const history = await wait.read(() => readHelmHistory(cluster, setting.namespace, setting.release));
  const workloads = history.flatMap(({ manifest }) => workloadsOf(manifest));
  const restored = await restoreStopped(context, step, snapshot, workloads, wait);

  await wait.read(() =>
    updateRecord(cluster, context.record, (stored) => ({
      ...stored,
      transition: Math.max(stored.transition, setting.transition),
      lineage: setting.lineage,
      highWaterMark: snapshot.highWaterMark,
      schemaOwner: snapshot.schemaOwner,
      verified: null,
      restores: [
        ...stored.restores,
        {
          snapshot: snapshot.id,
          transition: setting.transition,
          revision: situation.newest,
          at: new Date().toISOString(),
          kept: restored.kept,
        },
      ],
    })),
  );
  progress.say(
    `restored ${snapshot.id} of ${snapshot.version}, schema version ${restored.schemaVersion}, ` +
      `${duration(wait.elapsedMilliseconds)}; what was there before is kept as ${restored.kept} until you drop it`,
  );
}

async function restoreStopped(
  context: Context,
  step: RestoreStep,
  snapshot: Snapshot,
  workloads: readonly Workload[],
  wait: Wait,
) {
  const { setting, cluster, progress } = context;
  const { namespace } = setting;
  try {
    progress.say(`restore ${snapshot.id}: stopping every pod`);
    await wait.read(() => stop(cluster, namespace, workloads));
    await awaitStandstill(context, workloads, wait);
    return await methodOf(step.method).restore(context, wait, snapshot);
  } catch (error) {
    // Whoever took the lease decides about the pods now.
    if (!context.signal.aborted) await wait.read(() => resume(cluster, namespace, workloads));
    if (error instanceof SnapshotError) throw failure(error.message);
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

function failure(what: string): StepFailure {
  return new StepFailure(
    `the snapshot was not restored: ${what}`,
    "the present database is as it was, and the pods that ran on it run again",
    "mend the cause, then run pulumi up again: it restores from the start. Or remove restore from the configuration",
  );
}
