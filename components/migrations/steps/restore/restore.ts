import { readHelmHistory } from "../../cluster/helm/history";
import { unstoppable } from "../../cluster/pods/standstill";
import { workloadsOf, type Workload } from "../../cluster/pods/workloads";
import { withRestore } from "../../cluster/record/changes";
import { updateRecord, type TransitionRecord } from "../../cluster/record/record";
import { checkPrecondition, readSituation } from "../attempt";
import type { Context } from "../context";
import { duration } from "../duration";
import type { RestoreStep } from "../input";
import { methodOf, SnapshotError, type Restored, type SnapshotMethod } from "../snapshots";
import { Wait } from "../wait";
import { settleCutOff } from "./cut-off";
import { nothingChanged, notRestored } from "./failure";
import { withoutPods, type Way } from "./without-pods";

/**
 * Goes back to a snapshot (R18). It checks that the snapshot can be restored, stops every pod so that nobody writes,
 * restores it beside the present database, and switches over. Owner and mark become the snapshot's. If this fails, the
 * pods start again on the database that they had; otherwise the deploy that follows starts them.
 */
export async function restore(context: Context, step: RestoreStep): Promise<void> {
  const { setting, cluster, progress } = context;
  const situation = await readSituation(context);
  checkPrecondition(context, step, situation);
  const settled = await settleCutOff(context, step.snapshot);
  if (settled?.snapshot === step.snapshot) return;

  const wait = new Wait(context, `restore ${step.snapshot}`, step.method.timeoutSeconds);
  const history = await wait.read(() => readHelmHistory(cluster, setting.namespace, setting.release));
  const workloads = history.flatMap(({ manifest }) => workloadsOf(manifest));
  const way = wayOf(context, step, situation.record, wait);
  await checked(context, step, way, workloads);
  const newest = history.at(-1);
  const restored = await withoutPods(context, { snapshot: step.snapshot, newest, workloads, way, wait });

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
      return withRestore(stored, done, way.had, setting.lineage);
    }),
  );
  progress.say(
    `restored ${step.snapshot} of ${way.had.version}, schema version ${restored.schemaVersion}, ` +
      `${duration(wait.elapsedMilliseconds)}; what was there before is kept as ${restored.kept} until you drop it`,
  );
}

/**
 * Returns how to restore: with the method that took the snapshot, or, if it was restored by hand, by reading the schema
 * version.
 */
function wayOf(context: Context, step: RestoreStep, record: TransitionRecord | null, wait: Wait): Way {
  const { byHand } = step;
  const method = methodOf(step.method);
  if (byHand !== null) {
    const bring = () => accept(context, method, byHand, wait);
    return { had: byHand, check: async () => void (await bring()), bring };
  }
  const snapshot = record?.snapshots.find(({ id }) => id === step.snapshot);
  if (snapshot === undefined)
    throw notRestored(`the cluster's record has no snapshot ${step.snapshot}`, nothingChanged);
  if (snapshot.method !== step.method.kind) {
    const given = `snapshot.${step.method.kind} is given`;
    throw notRestored(`it was taken with snapshot.${snapshot.method}, and ${given}`, nothingChanged);
  }
  return {
    had: { ...snapshot, schemaVersion: snapshot.schemaVersion ?? 0 },
    check: () => method.checkRestore(context, wait, snapshot),
    bring: (note) => method.restore(context, wait, snapshot, note),
  };
}

/**
 * Checks first that the restore can be done: after a failed rollout the old pods serve, and once stopped they do not
 * come back.
 */
async function checked(
  { cluster, setting, progress }: Context,
  { snapshot }: RestoreStep,
  { check }: Way,
  workloads: readonly Workload[],
): Promise<void> {
  progress.say(`restore ${snapshot}: checking that it can be done`);
  const [daemonSet] = await unstoppable(cluster, setting.namespace, workloads);
  if (daemonSet !== undefined) {
    throw notRestored(
      `the DaemonSet ${daemonSet} cannot be stopped: it has a pod on every node, however many are asked for`,
      nothingChanged,
      `delete it (kubectl delete daemonset ${daemonSet} -n ${setting.namespace}), then run pulumi up again: the deploy ` +
        "after the restore creates it again",
    );
  }
  try {
    await check();
  } catch (error) {
    if (error instanceof SnapshotError) throw notRestored(error.message, nothingChanged);
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
