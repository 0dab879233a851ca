import { isPending } from "../cluster/helm/history";
import { endHelmLock, holdsHelmLock } from "../cluster/helm/lock";
import { hasDied } from "../cluster/run/local-run";
import { attemptOf, type Attempt } from "../cluster/record/record";
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
  let situation = await readSituation(context);
  const attempt = pendingAttempt(situation);
  if (attempt === undefined) return;
  const { version, revision, stack, at } = attempt;
  const wait = new Wait(context, version, Math.max(0, (endsBy(attempt) - Date.now()) / 1000));
  while (!isProvenDead(attempt, setting.release)) {
    wait.tell(
      `Helm holds revision ${revision}, which stack ${stack} began at ${at}: waiting until it ends, or until ` +
        `${new Date(endsBy(attempt)).toISOString()}, when it must have`,
    );
    await wait.pause(pollMilliseconds);
    situation = await wait.read(() => readSituation(context));
    if (pendingAttempt(situation) === undefined) return;
  }
  const why = `transition ${attempt.transition}: the run that deployed ${version} died`;
  const { namespace, release } = setting;
  if (await endHelmLock(cluster, { namespace, release, revision }, why)) {
    progress.say(
      `${version}: revision ${revision} was left pending by a run that died; it counts as failed now`,
    );
  }
}

/** The own attempt that the live revision is pending of. */
export function pendingAttempt({ live, record }: Pick<Situation, "live" | "record">): Attempt | undefined {
  if (live === undefined || record === null || !isPending(live) || live.status === "uninstalling")
    return undefined;
  return attemptOf(record, live);
}

function isProvenDead(attempt: Attempt, release: string): boolean {
  if (Date.now() > endsBy(attempt)) return true;
  const isOld = Date.now() - Date.parse(attempt.at) > dyingMilliseconds;
  return isOld && attempt.run !== undefined && hasDied(attempt.run, release);
}

/** Helm itself gives up by then. */
function endsBy({ at, limitSeconds }: Attempt): number {
  return Date.parse(at) + (limitSeconds ?? 900) * 1000;
}
