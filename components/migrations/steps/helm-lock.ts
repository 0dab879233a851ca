import { endHelmLock, holdsHelmLock } from "../cluster/helm/lock";
import { endsBy, isPending } from "../cluster/helm/pending";
import { hasDied } from "../cluster/run/local-run";
import { openAttemptOf, type Attempt } from "../cluster/record/record";
import { readSituation, type Situation } from "./attempt";
import type { Context } from "./context";
import { Wait } from "./wait";

const pollMilliseconds = 2000;
/** A plugin ends a moment after the engine that was killed. */
const dyingMilliseconds = 15_000;

/**
 * Ends the lock that an own Helm operation has left which died. It is waited for until it is proven dead: by its process,
 * where that ran on this machine, or by the time that Helm was given. What is not our own stays, for a person to end.
 */
export async function endOwnLock(context: Context): Promise<void> {
  const { cluster, setting, progress } = context;
  if (!(await holdsHelmLock(cluster, setting.namespace, setting.release))) return;
  let pending = pendingDeploy(await readSituation(context));
  if (pending === undefined) return;
  const { version, revision, stack, at, transition } = pending.attempt;
  const wait = new Wait(context, version, Math.max(0, (pending.endsBy.getTime() - Date.now()) / 1000));
  while (!isProvenDead(pending, setting.release)) {
    wait.tell(
      `Helm holds revision ${revision}, which stack ${stack} began at ${at}: waiting until it ends, or until ` +
        `${pending.endsBy.toISOString()}, when it must have`,
    );
    await wait.pause(pollMilliseconds);
    pending = pendingDeploy(await wait.read(() => readSituation(context)));
    if (pending === undefined) return;
  }
  const why = `transition ${transition}: the run that deployed ${version} died`;
  const { namespace, release } = setting;
  if (await endHelmLock(cluster, { namespace, release, revision }, why)) {
    progress.say(
      `${version}: revision ${revision} was left pending by a run that died; it counts as failed now`,
    );
  }
}

/** A deploy of our own that Helm has not ended. */
interface PendingDeploy {
  readonly attempt: Attempt;
  readonly endsBy: Date;
}

/** The own deploy that the live revision is pending of. */
export function pendingDeploy({
  live,
  record,
}: Pick<Situation, "live" | "record">): PendingDeploy | undefined {
  if (live === undefined || record === null || !isPending(live)) return undefined;
  const attempt = openAttemptOf(record, live);
  return attempt === undefined ? undefined : { attempt, endsBy: endsBy(attempt, live) };
}

function isProvenDead({ attempt: { at, run }, endsBy }: PendingDeploy, release: string): boolean {
  if (Date.now() > endsBy.getTime()) return true;
  const isOld = Date.now() - Date.parse(at) > dyingMilliseconds;
  return isOld && run !== undefined && hasDied(run, release);
}
