import { connect, isOwnMistake } from "../../components/migrations/cluster/connection";
import { readHelmHistory, type Revision } from "../../components/migrations/cluster/helm/history";
import { finishUninstall, isPending, isUninstalling } from "../../components/migrations/cluster/helm/pending";
import { endHelmLock } from "../../components/migrations/cluster/helm/lock";
import { readLease } from "../../components/migrations/cluster/run/lease";
import { unreadableCluster } from "../unreadable-cluster";
import type { UnlockOptions } from "./command";

export interface Unlocked {
  readonly refused: boolean;
  readonly text: string;
}

/** Ends the lock of one named revision, or says why not. */
export async function unlock(options: UnlockOptions): Promise<Unlocked> {
  try {
    return await endLock(options);
  } catch (error) {
    if (isOwnMistake(error)) throw error;
    throw unreadableCluster(
      `the lock of release ${options.release} could not be ended`,
      error,
      `permission to read and update secrets and to read leases in namespace ${options.namespace}`,
    );
  }
}

async function endLock({ revision, namespace, release, ...connection }: UnlockOptions): Promise<Unlocked> {
  const cluster = connect(connection);
  const [history, lease] = await Promise.all([
    readHelmHistory(cluster, namespace, release),
    readLease(cluster, namespace, release),
  ]);
  if (lease !== null && lease.runsOut.getTime() > Date.now()) {
    return refusal(
      `${lease.holder} has been working on release ${release} since ${lease.since.toISOString()}`,
      "no run at work",
      `wait for it; if it died, its lease runs out at ${lease.runsOut.toISOString()}`,
    );
  }
  const newest = history.at(-1);
  if (newest?.revision !== revision || !isPending(newest)) {
    const found =
      newest === undefined
        ? "nothing"
        : `revision ${newest.revision} (${newest.version}) as ${newest.status}`;
    return refusal(
      `Helm has ${found} as the newest of release ${release} in namespace ${namespace}`,
      `revision ${revision}, pending`,
      newest !== undefined && isUninstalling(newest)
        ? `if the uninstall broke off, finish it: ${finishUninstall({ namespace, release })}`
        : "look at bsr status",
    );
  }
  const ended = await endHelmLock(cluster, { namespace, release, revision }, "unlocked by bsr unlock");
  if (!ended)
    return refusal(`revision ${revision} has ended meanwhile`, "a pending revision", "run pulumi up");
  return {
    refused: false,
    text: `revision ${revision} (${newest.version}) was ${newest.status} and ${endOf(newest)}; run pulumi up\n`,
  };
}

/** Says what became of the revision. Helm installs only what it does not have, so an install leaves its history. */
function endOf({ status }: Revision): string {
  return status === "pending-install" ? "is removed from Helm's history" : "counts as failed now";
}

function refusal(found: string, wanted: string, remedy: string): Unlocked {
  return {
    refused: true,
    text: `nothing was changed\n  found:  ${found}\n  wanted: ${wanted}\n  remedy: ${remedy}\n`,
  };
}
