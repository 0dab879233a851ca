import { gunzipSync, gzipSync } from "node:zlib";
import { CoreV1Api, type KubeConfig, type V1Secret } from "@kubernetes/client-node";

/** The Secrets in which Helm keeps a release's revisions, of any status or of some. */
export async function helmSecrets(
  config: KubeConfig,
  namespace: string,
  release: string,
  statuses: readonly string[] = [],
): Promise<V1Secret[]> {
  const among = statuses.length === 0 ? "" : `,status in (${statuses.join(",")})`;
  const secrets = await config
    .makeApiClient(CoreV1Api)
    .listNamespacedSecret({ namespace, labelSelector: `owner=helm,name=${release}${among}` });
  return secrets.items;
}

/** A revision as Helm stores it: base64(gzip(json)), and the API adds a base64 of its own. */
export function decodeRevision(secret: V1Secret): unknown {
  const stored = Buffer.from(secret.data?.["release"] ?? "", "base64").toString();
  return JSON.parse(gunzipSync(Buffer.from(stored, "base64")).toString());
}

/** What {@link decodeRevision} reads, as the Secret's data has it. */
export function encodeRevision(revision: unknown): string {
  const stored = gzipSync(JSON.stringify(revision)).toString("base64");
  return Buffer.from(stored).toString("base64");
}
