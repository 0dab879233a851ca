import type { KubeConfig } from "../../../kubernetes-client";
import { isPending, pendingStatuses } from "./pending";
import { deleteRevision, helmSecrets, readRevision, writeStatus } from "./storage";

/** Whether Helm has a pending revision, asked by label: the whole history is read only where it has one. */
export async function holdsHelmLock(
  config: KubeConfig,
  namespace: string,
  release: string,
): Promise<boolean> {
  return (await helmSecrets(config, namespace, release, pendingStatuses)).length > 0;
}

/**
 * Ends the lock that a Helm operation has left which died: its pending revision counts as failed, and stays in the
 * history. An install that died is taken out of it, as Helm installs only what it does not have.
 *
 * Answers false where the revision is no longer pending.
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
