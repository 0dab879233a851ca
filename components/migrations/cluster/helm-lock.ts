import { gunzipSync, gzipSync } from "node:zlib";
import { CoreV1Api, type KubeConfig } from "@kubernetes/client-node";
import { ifFound } from "./connection";

/** The part of Helm's payload that says how a revision stands; all else is kept as it is. */
interface Payload {
  readonly info: { readonly status: string; readonly description?: string };
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
  const stored = secret?.data?.["release"];
  if (secret === undefined || stored === undefined) return false;
  const payload = decode(stored);
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
      data: { ...secret.data, release: encode(failed) },
    },
  });
  return true;
}

/** Helm stores base64(gzip(json)), and the API adds a base64 of its own. */
function decode(stored: string): Payload {
  const text = Buffer.from(stored, "base64").toString();
  return JSON.parse(gunzipSync(Buffer.from(text, "base64")).toString()) as Payload;
}

function encode(payload: Payload): string {
  const text = gzipSync(JSON.stringify(payload)).toString("base64");
  return Buffer.from(text).toString("base64");
}
