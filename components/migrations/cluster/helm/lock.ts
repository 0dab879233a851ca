import type { KubeConfig } from "../../../kubernetes-client";
import { isPending, pendingStatuses } from "./pending";
import { deleteRevision, helmSecrets, readRevision, writeStatus } from "./storage";

/** Whether Helm has a pending revision. It asks by label, which is cheaper than reading the whole history. */
export async function holdsHelmLock(
  config: KubeConfig,
  namespace: string,
  release: string,
): Promise<boolean> {
  return (await helmSecrets(config, namespace, release, pendingStatuses)).length > 0;
}

/**
 * Ends the lock of a Helm operation that died: its pending revision is marked as failed and stays in the history. An
 * install that died is removed from the history, because Helm installs only a release that it does not have.
 *
 * Returns false if the revision is no longer pending.
 */
export async function endHelmLock(
  config: KubeConfig,
  { namespace, release, revision }: { namespace: string; release: string; revision: number },
  why: string,
): Promise<boolean> {
  const stored = await readRevision(config, { namespace, release, revision });
  if (stored === undefined || !isPending(stored.payload.info)) return false;
  if (stored.payload.info.status === "pending-install") await deleteRevision(config, stored);
  else await writeStatus(config, stored, "failed", why);
  return true;
}
