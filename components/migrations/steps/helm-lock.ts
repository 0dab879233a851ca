import { endHelmLock, holdsHelmLock } from "../cluster/helm/lock";
import { pendingDeploy, type PendingDeploy } from "../cluster/helm/pending";
import { hasDied } from "../cluster/run/local-run";
import { readSituation } from "./attempt";
import type { Context } from "./context";
import { Wait } from "./wait";

const pollMilliseconds = 2000;
/** How long a plugin may outlive an engine that was killed. */
const dyingMilliseconds = 15_000;

/**
 * Ends the lock that one of our own Helm operations left when it died. First it waits for proof of death: the
 * operation's process, if it ran on this machine, or the end of the time that Helm was given. A lock that is not ours
 * stays, for a person to end.
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
        `${pending.endsBy.toISOString()}, when it must have ended`,
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

function isProvenDead({ attempt: { at, run }, endsBy }: PendingDeploy, release: string): boolean {
  if (Date.now() > endsBy.getTime()) return true;
  const isOld = Date.now() - Date.parse(at) > dyingMilliseconds;
  return isOld && run !== undefined && hasDied(run, release);
}
