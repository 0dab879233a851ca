import { gunzipSync, gzipSync } from "node:zlib";
import { CoreV1Api, type KubeConfig, type V1Secret } from "../../../kubernetes-client";
import { z } from "zod";
import { ifFound } from "../connection";
import { UnusableAnswer, used } from "../unusable";

/** The most that a revision may unpack to; packed, it is at most a megabyte. */
const revisionBytes = 100_000_000;

/** Lists the Secrets in which Helm keeps a release's revisions, of any status or of the given ones. */
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

/** Decodes a revision as Helm stores it: base64(gzip(json)); the API adds a base64 of its own. */
export function decodeRevision(secret: V1Secret): unknown {
  const stored = Buffer.from(secret.data?.["release"] ?? "", "base64").toString();
  try {
    const unpacked = gunzipSync(Buffer.from(stored, "base64"), { maxOutputLength: revisionBytes });
    return JSON.parse(unpacked.toString());
  } catch {
    throw unusableRevision(secret, "its release is not JSON, packed with gzip and written in base64");
  }
}

/** The error for a Secret that cannot be read. Helm ignores such a Secret; here it could be the live revision. */
export function unusableRevision({ metadata }: V1Secret, why: string): UnusableAnswer {
  const [name, namespace] = [metadata?.name ?? "without a name", metadata?.namespace ?? "of the release"];
  return new UnusableAnswer(
    `the Secret ${name} in the namespace ${namespace} cannot be read as a revision: ${why}`,
    "a revision as Helm stores it",
    `restore the Secret from a backup; if helm history shows that a newer revision is live, ` +
      `kubectl delete secret ${name} -n ${namespace} removes it from the history`,
  );
}

/** The part of Helm's payload that has a revision's status; everything else is kept as it is. */
const standingSchema = z.looseObject({
  info: z.looseObject({ status: z.string(), description: z.string().default("") }),
});

type Standing = z.infer<typeof standingSchema>;

export interface StoredRevision {
  readonly secret: V1Secret;
  readonly payload: Standing;
}

/** Reads one revision in order to write it again; undefined if Helm no longer has it. */
export async function readRevision(
  config: KubeConfig,
  { namespace, release, revision }: { namespace: string; release: string; revision: number },
): Promise<StoredRevision | undefined> {
  const name = `sh.helm.release.v1.${release}.v${revision}`;
  const secret = await ifFound(config.makeApiClient(CoreV1Api).readNamespacedSecret({ namespace, name }));
  if (secret?.data?.["release"] === undefined) return undefined;
  const payload = used(standingSchema, decodeRevision(secret), (why) => unusableRevision(secret, why));
  return { secret, payload };
}

/**
 * Writes a revision with another status, which Helm also keeps in the label. It uses the resource version that was read,
 * so that a Helm operation that is still at work wins.
 */
export async function writeStatus(
  config: KubeConfig,
  { secret, payload }: StoredRevision,
  status: string,
  description: string,
): Promise<void> {
  const { metadata, data } = secret;
  const changed = { ...payload, info: { ...payload.info, status, description } };
  const body = {
    ...secret,
    metadata: { ...metadata, labels: { ...metadata?.labels, status } },
    data: { ...data, release: encodeRevision(changed) },
  };
  await config.makeApiClient(CoreV1Api).replaceNamespacedSecret({ ...placeOf(secret), body });
}

/** Removes a revision from Helm's history. */
export async function deleteRevision(config: KubeConfig, { secret }: StoredRevision): Promise<void> {
  await config.makeApiClient(CoreV1Api).deleteNamespacedSecret(placeOf(secret));
}

function placeOf({ metadata }: V1Secret): { name: string; namespace: string } {
  return { name: metadata?.name ?? "", namespace: metadata?.namespace ?? "" };
}

/** Encodes what {@link decodeRevision} reads, as the Secret's data has it. */
function encodeRevision(revision: unknown): string {
  const stored = gzipSync(JSON.stringify(revision)).toString("base64");
  return Buffer.from(stored).toString("base64");
}
