import { reasonOf } from "../../cluster/connection";
import type { Revision } from "../../cluster/helm/history";
import { JobLeftError } from "../../cluster/jobs/job";
import type { Workload } from "../../cluster/pods/workloads";
import { withRestoring } from "../../cluster/record/changes";
import { updateRecord, type Restoring } from "../../cluster/record/record";
import { readLease } from "../../cluster/run/lease";
import { leaseHolder } from "../../cluster/run/lease-holder";
import type { Context } from "../context";
import type { RestoreStep } from "../input";
import { SnapshotError, UnknownRestore, type Note, type Restored } from "../snapshots";
import { Wait } from "../wait";
import { forgetCommand, hasSwitchedOver } from "./cut-off";
import { notRestored, unknownRestore } from "./failure";
import { startPods, stopPods } from "./standstill";

/** How long asking who has the lease waits for a cluster that does not answer. */
const leaseSeconds = 60;

/** How a snapshot is restored. */
export interface Way {
  /** What the snapshot has. */
  readonly had: NonNullable<RestoreStep["byHand"]>;
  /** Checks that it can be done, while all pods run. */
  readonly check: () => Promise<void>;
  readonly bring: (note: Note) => Promise<Restored>;
}

interface Work {
  readonly snapshot: string;
  /** Helm's newest revision. */
  readonly newest: Pick<Revision, "revision" | "deployedAt"> | undefined;
  readonly workloads: readonly Workload[];
  readonly way: Way;
  readonly wait: Wait;
}

/**
 * Restores while no pod runs, so that nobody writes meanwhile. The restore is on record until a deploy is verified, so
 * that a later run knows if it was cut off. If it fails, the pods start again only once it is known not to have
 * switched over.
 */
export async function withoutPods(
  context: Context,
  { snapshot, newest, workloads, way, wait }: Work,
): Promise<Restored> {
  const { cluster, setting } = context;
  const say = (restoring: Restoring) =>
    wait.read(() => updateRecord(cluster, context.record, (stored) => withRestoring(stored, restoring)));
  const begun = {
    snapshot,
    transition: setting.transition,
    at: new Date().toISOString(),
    revision: newest?.revision ?? 0,
    deployedAt: newest?.deployedAt,
  };
  let kept: string | undefined;
  try {
    await say(begun);
    await stopPods(context, snapshot, workloads, wait);
    return await way.bring(async (trace) => {
      await say({ ...begun, ...trace });
      kept = trace.kept;
    });
  } catch (error) {
    if (await isDoneAllTheSame(context, snapshot, kept, error))
      return { kept: `database ${kept}`, schemaVersion: way.had.schemaVersion };
    await startAgain(context, workloads, error);
    // If this does not reach the record, the next run finds out.
    await updateRecord(cluster, context.record, (stored) => ({ ...stored, restoring: null })).catch(
      () => undefined,
    );
    if (error instanceof SnapshotError) throw notRestored(error.message, startedAgain);
    throw error;
  }
}

/** Whether a restore that failed has nevertheless switched over. Throws if the pods have to stay as they are. */
async function isDoneAllTheSame(
  context: Context,
  snapshot: string,
  kept: string | undefined,
  failed: unknown,
): Promise<boolean> {
  const lost = await lostLease(context);
  if (lost !== null) {
    throw notRestored(
      reasonOf(failed),
      `${lost}; whether pods run is up to the run that has it`,
      "wait until bsr status says that nobody works on it, then run pulumi up again",
    );
  }
  if (failed instanceof JobLeftError) {
    throw notRestored(
      failed.message,
      "it may still be at work and switch over, so every pod stays stopped",
      `${failed.remedy}; then run pulumi up again`,
    );
  }
  if (failed instanceof UnknownRestore) {
    await forgetCommand(context);
    throw unknownRestore(
      snapshot,
      failed.message,
      "check which database is there, and that nothing of the command is still at work; fix what it says. Then run pulumi up " +
        "again, which runs the command once more; or, if the database from before is there and is to stay, remove restore first",
    );
  }
  return kept !== undefined && (await hasSwitchedOver(context, snapshot, kept, reasonOf(failed)));
}

/**
 * Returns why this run may not touch the pods, or `null` if it may. It asks the cluster itself, as a run notices a lost
 * lease only at its next renewal.
 */
async function lostLease(context: Context): Promise<string | null> {
  const { cluster, setting, signal } = context;
  const lost = "this run does not have the lease of the instance any more";
  if (signal.aborted) return lost;
  const wait = new Wait(context, "lease", leaseSeconds);
  try {
    const holding = await wait.read(() => readLease(cluster, setting.namespace, setting.release));
    return holding?.holder === leaseHolder(setting.stack) ? null : lost;
  } catch (error) {
    return `the cluster does not say who has the lease of the instance: ${reasonOf(error)}`;
  }
}

async function startAgain(context: Context, workloads: readonly Workload[], failed: unknown): Promise<void> {
  try {
    await startPods(context, workloads);
  } catch (error) {
    throw notRestored(
      reasonOf(failed),
      `the present database is as it was, and its pods could not be started again: ${reasonOf(error)}`,
      "fix both, then run pulumi up again: it restores from the start. Without restore in the configuration it starts the pods",
    );
  }
}

const startedAgain =
  "the present database is as it was, and its pods are started again: those of the newest deploy, whether it was verified or not";
