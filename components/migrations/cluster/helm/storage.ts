import { gunzipSync, gzipSync } from "node:zlib";
import { CoreV1Api, type KubeConfig, type V1Secret } from "../../../kubernetes-client";
import { z } from "zod";
import { ifFound } from "../connection";
import { UnusableAnswer, used } from "../unusable";

/** A revision is at most a megabyte when it is packed; one that unpacks to more is none. */
const revisionBytes = 100_000_000;

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
  try {
    const unpacked = gunzipSync(Buffer.from(stored, "base64"), { maxOutputLength: revisionBytes });
    return JSON.parse(unpacked.toString());
  } catch {
    throw unusableRevision(secret, "its release is no JSON, packed with gzip and written in base64");
  }
}

/** Helm passes over a Secret that it cannot read; here it could be the one that is live. */
export function unusableRevision({ metadata }: V1Secret, why: string): UnusableAnswer {
  const [name, namespace] = [metadata?.name ?? "without a name", metadata?.namespace ?? "of the release"];
  return new UnusableAnswer(
    `the Secret ${name} in the namespace ${namespace} is no revision that can be read: ${why}`,
    "a revision as Helm stores it",
    `restore the Secret from a backup; if helm history shows that a newer revision is live, ` +
      `kubectl delete secret ${name} -n ${namespace} takes it out of the history`,
  );
}

/** The part of Helm's payload that says how a revision stands; all else is kept as it is. */
const standingSchema = z.looseObject({
  info: z.looseObject({ status: z.string(), description: z.string().default("") }),
});

type Standing = z.infer<typeof standingSchema>;

export interface StoredRevision {
  readonly secret: V1Secret;
  readonly payload: Standing;
}

/** One revision, to be written again; undefined where Helm has it no more. */
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
 * Writes a revision with another status, which Helm keeps in the label as well. With the resource version that was read:
 * a Helm operation that is at work after all wins.
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

/** Takes a revision out of Helm's history. */
export async function deleteRevision(config: KubeConfig, { secret }: StoredRevision): Promise<void> {
  await config.makeApiClient(CoreV1Api).deleteNamespacedSecret(placeOf(secret));
}

function placeOf({ metadata }: V1Secret): { name: string; namespace: string } {
  return { name: metadata?.name ?? "", namespace: metadata?.namespace ?? "" };
}

/** What {@link decodeRevision} reads, as the Secret's data has it. */
function encodeRevision(revision: unknown): string {
  const stored = gzipSync(JSON.stringify(revision)).toString("base64");
  return Buffer.from(stored).toString("base64");
}
