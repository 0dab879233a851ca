import { hostname } from "node:os";
import { reasonOf } from "../../cluster/connection";
import { JobLeftError, removeJob } from "../../cluster/jobs/job";
import { cutOffRestore, withSwitchedOver } from "../../cluster/record/changes";
import { readRecord, updateRecord, type Restoring, type TransitionRecord } from "../../cluster/record/record";
import { isAlive } from "../../cluster/run/local-run";
import type { Context } from "../context";
import { StepFailure } from "../failure";
import { methodOf, snapshotJobName } from "../snapshots";
import { Wait } from "../wait";
import { unknownRestore } from "./failure";

/** How long finding out what a restore left waits for a cluster that does not answer. */
const cutOffSeconds = 120;
const pollMilliseconds = 1000;

/**
 * Finds out, before anything else is done, what came of a restore that was cut off. Its Job continues in the cluster,
 * and its command on the machine where it was started. Either may switch over under the pods that a deploy is about to
 * start, or may already have done so. A restore that has switched over is put on record as done and returned. `goesOn`
 * is the snapshot that is being restored now; its command may be run once more.
 */
export async function settleCutOff(context: Context, goesOn: string | null): Promise<Restoring | null> {
  const record = await readRecord(context.cluster, context.record);
  const restoring = record === null ? null : cutOffRestore(record);
  if (record === null || restoring === null) return null;
  const wait = new Wait(context, "restore", cutOffSeconds);
  const { snapshot, kept, command } = restoring;
  context.progress.say(
    `a restore of ${snapshot}, begun at ${restoring.at}, was cut off: what it left behind is ended first`,
  );
  await removeJob(context.cluster, addressOf(context), wait);
  if (command !== undefined) await settleCommand(context, restoring, command, goesOn);
  if (kept === undefined || !(await hasSwitchedOver(context, snapshot, kept))) return null;
  await putOnRecord(context, record, restoring);
  context.progress.say(
    `the restore of ${snapshot} had switched over; what was there before is kept as database ${kept}`,
  );
  return restoring;
}

/**
 * Settles a cut-off restore before a step that restores nothing. If the restore has switched over, it refuses: the
 * configuration means the old database, and what was planned for that one must not be done to the new one.
 */
export async function endCutOffRestore(context: Context): Promise<void> {
  const restoring = await settleCutOff(context, null);
  if (restoring === null) return;
  const { snapshot, kept = "" } = restoring;
  const record = await readRecord(context.cluster, context.record);
  const version = record?.snapshots.find(({ id }) => id === snapshot)?.version ?? "";
  throw new StepFailure(
    `the restore of ${snapshot} was cut off, but had switched over: the database is the snapshot's now, and what was there ` +
      `before is kept as database ${kept}`,
    "nothing was deployed, and every pod stays stopped; the restore is on record as done",
    `to go on with the snapshot's: set version to ${version} (restore: ${snapshot} may stay) and run pulumi up. To go back to ` +
      `what was there: rename the two databases (ALTER DATABASE ... RENAME TO ...), then set restoredTo to its ` +
      '"<version>,<schema version>" and version to that version, and run pulumi up',
  );
}

function addressOf({ setting: { namespace, release } }: Context) {
  return { namespace, name: snapshotJobName(release) };
}

/**
 * Asks the database server whether a restore that is over has switched over; refuses if there is no connection to it.
 * `failed` is why the restore failed, if that is to be reported too.
 */
export async function hasSwitchedOver(
  context: Context,
  snapshot: string,
  kept: string,
  failed?: string,
): Promise<boolean> {
  const method = context.setting.method === null ? null : methodOf(context.setting.method);
  if (method?.hasSwitchedOver === undefined) {
    throw unknownRestore(
      snapshot,
      "without snapshot.pgDump the database server cannot be asked",
      "set snapshot.pgDump as it was, and run pulumi up again: it finds out",
    );
  }
  try {
    return await method.hasSwitchedOver(context, new Wait(context, "restore", cutOffSeconds), kept);
  } catch (error) {
    if (context.signal.aborted || error instanceof JobLeftError) throw error;
    const why = `the database server could not be asked: ${reasonOf(error)}`;
    const what = failed === undefined ? why : `${failed}; ${why}`;
    throw unknownRestore(snapshot, what, "fix that, and run pulumi up again: it finds out");
  }
}

async function putOnRecord(
  context: Context,
  { snapshots }: TransitionRecord,
  restoring: Restoring,
): Promise<void> {
  const taken = snapshots.find(({ id }) => id === restoring.snapshot);
  if (taken === undefined) throw new Error(`the cluster's record has no snapshot ${restoring.snapshot}`);
  const at = new Date().toISOString();
  await updateRecord(context.cluster, context.record, (stored) =>
    withSwitchedOver(stored, restoring, taken, at),
  );
}

/**
 * Settles the user's own command, which outlives the process that started it. A command on this machine is waited for.
 * Nothing is known of one on another machine, nor of how the command of a killed run ended. That is reported
 * once, for a person to look.
 */
async function settleCommand(
  context: Context,
  restoring: Restoring,
  { host, pid }: NonNullable<Restoring["command"]>,
  goesOn: string | null,
): Promise<void> {
  const { snapshot } = restoring;
  const isHere = host === hostname() && pid !== undefined;
  if (isHere) await awaitEnd(context, snapshot, pid);
  if (isHere && goesOn === snapshot) return;
  await forgetCommand(context);
  const process = pid === undefined ? "" : ` as process ${pid}`;
  const see = isHere ? "" : `Check that the command has ended on ${host}. `;
  throw unknownRestore(
    snapshot,
    `its command was begun on ${host}${process} at ${restoring.at}, and nobody heard how it ended`,
    `${see}Check which database is there. If it is the one from before: run pulumi up again, which goes on with the ` +
      `configuration as it is. If it is the snapshot's: set restore to ${snapshot} and version to its version, and run ` +
      "pulumi up, which runs the command again. This is reported only once",
  );
}

/** Removes the command from the record: after it has been reported once, it counts as over. */
export async function forgetCommand({ cluster, record }: Context): Promise<void> {
  await updateRecord(cluster, record, (stored) => {
    if (stored.restoring === null) return stored;
    const { command: _told, ...restoring } = stored.restoring;
    return { ...stored, restoring };
  });
}

async function awaitEnd(context: Context, snapshot: string, pid: number): Promise<void> {
  const limit = context.setting.method?.timeoutSeconds ?? cutOffSeconds;
  const wait = new Wait(context, `restore ${snapshot}`, limit);
  while (isAlive(pid)) {
    wait.tell(
      `the command of the run that was cut off is still at work, as process ${pid}: waiting until it ends`,
    );
    if (wait.isOver) {
      throw unknownRestore(
        snapshot,
        `its command is still at work after ${limit} s, as process ${pid} of this machine`,
        "wait until it has ended, or end it; then run pulumi up again",
      );
    }
    await wait.pause(pollMilliseconds);
  }
}
