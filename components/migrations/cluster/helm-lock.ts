import { CoreV1Api, type KubeConfig } from "@kubernetes/client-node";
import { ifFound } from "./connection";
import { z } from "zod";
import { decodeRevision, encodeRevision, helmSecrets, unusableRevision } from "./helm-storage";
import { used } from "./unusable";

/** The part of Helm's payload that says how a revision stands; all else is kept as it is. */
const payloadSchema = z.looseObject({ info: z.looseObject({ status: z.string() }) });

/** Whether Helm has a pending revision, asked by label: the whole history is read only where it has one. */
export async function holdsHelmLock(
  config: KubeConfig,
  namespace: string,
  release: string,
): Promise<boolean> {
  const pending = ["pending-install", "pending-upgrade", "pending-rollback"];
  return (await helmSecrets(config, namespace, release, pending)).length > 0;
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
  const core = config.makeApiClient(CoreV1Api);
  const name = `sh.helm.release.v1.${release}.v${revision}`;
  const secret = await ifFound(core.readNamespacedSecret({ namespace, name }));
  if (secret?.data?.["release"] === undefined) return false;
  const payload = used(payloadSchema, decodeRevision(secret), (why) => unusableRevision(secret, why));
  if (!payload.info.status.startsWith("pending-")) return false;
  if (payload.info.status === "pending-install") {
    await core.deleteNamespacedSecret({ namespace, name });
    return true;
  }
  const failed = { ...payload, info: { ...payload.info, status: "failed", description: why } };
  // With its resource version: a Helm that is alive after all wins.
  await core.replaceNamespacedSecret({
    namespace,
    name,
    body: {
      ...secret,
      metadata: { ...secret.metadata, labels: { ...secret.metadata?.labels, status: "failed" } },
      data: { ...secret.data, release: encodeRevision(failed) },
    },
  });
  return true;
}
