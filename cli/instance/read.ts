import type { KubeConfig } from "../../components/kubernetes-client";
import { isOwnMistake } from "../../components/migrations/cluster/connection";
import { readHelmHistory, type Revision } from "../../components/migrations/cluster/helm/history";
import { readLease, type Holding } from "../../components/migrations/cluster/run/lease";
import {
  readRecord,
  recordedDatabases,
  type TransitionRecord,
} from "../../components/migrations/cluster/record/record";
import { unreadableCluster } from "../unreadable-cluster";
import { maskedRecord, maskedRevision, maskOf, type Mask } from "./masks";
import type { Asked } from "./options";

/** What Helm and the cluster's record know of an instance. */
export interface Known {
  /** The database whose record was read; `null` if nothing names it. */
  readonly database: string | null;
  /** The databases with a record of this release, if nothing deployed shows which one is its database. */
  readonly databases: readonly string[];
  readonly history: readonly Revision[];
  readonly record: TransitionRecord | null;
  readonly holding: Holding | null;
  /** Masks what pods say; what Helm and the record quote is already masked. */
  readonly mask: Mask;
}

/** Reads what Helm and the cluster's record know of an instance; changes nothing. */
export async function readInstance(cluster: KubeConfig, asked: Asked): Promise<Known> {
  const { namespace, release } = asked;
  const [history, holding] = await Promise.all([
    readHelmHistory(cluster, namespace, release),
    readLease(cluster, namespace, release),
  ]);
  const mask = await maskOf(cluster, namespace, history);
  // A release that was uninstalled names no database, but there may be only one record.
  const databases = history.length === 0 ? await recordedDatabases(cluster, asked) : [];
  const database = history.at(-1)?.database ?? (databases.length === 1 ? (databases[0] ?? null) : null);
  const record = database === null ? null : await readRecord(cluster, { ...asked, database });
  return {
    database,
    databases,
    history: history.map((revision) => maskedRevision(revision, mask)),
    record: record === null ? null : maskedRecord(record, mask),
    holding,
    mask,
  };
}

/** A cluster that has not answered by then counts as unreachable. */
const timeLimitMilliseconds = 30_000;

/** Reads from the cluster, or says why that failed: `what` of the release, and the `permissions` in its namespace. */
export async function fromCluster<T>(
  { namespace, release }: Asked,
  { what, permissions }: { readonly what: string; readonly permissions: string },
  read: () => Promise<T>,
): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(
      () => reject(new Error(`the cluster did not answer within ${timeLimitMilliseconds / 1000} s`)),
      timeLimitMilliseconds,
    );
  });
  try {
    return await Promise.race([read(), late]);
  } catch (error) {
    if (isOwnMistake(error)) throw error;
    throw unreadableCluster(
      `${what} of release ${release} could not be read`,
      error,
      `permission to read ${permissions} in namespace ${namespace}`,
    );
  } finally {
    clearTimeout(timer);
  }
}
