import { CoreV1Api, type KubeConfig } from "../../kubernetes-client";
import { connect, statusOf, type Connection } from "../../migrations/cluster/connection";
import { liveRevision, readHelmHistory, type Revision } from "../../migrations/cluster/helm/history";
import { editedImages, readImages, type EditedImage } from "../../migrations/cluster/pods/images";
import { readLease } from "../../migrations/cluster/run/lease";
import {
  isVerified,
  readRecord,
  recordedDatabases,
  type TransitionRecord,
} from "../../migrations/cluster/record/record";
import { workloadsOf } from "../../migrations/cluster/pods/workloads";
import type { Observation } from "./position";

/** A cluster that has not answered by then counts as unreachable. */
const timeLimitMilliseconds = 30_000;

export interface Instance {
  readonly namespace: string;
  readonly releaseName: string;
  readonly database: string;
}

/** Reads what the cluster shows of an instance, without changing anything. */
export function observe(connection: Connection, instance: Instance): Promise<Observation> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(
      () => reject(new Error(`the cluster did not answer within ${timeLimitMilliseconds / 1000} s`)),
      timeLimitMilliseconds,
    );
  });
  return Promise.race([read(connection, instance), late]).finally(() => clearTimeout(timer));
}

async function read(connection: Connection, instance: Instance): Promise<Observation> {
  const { namespace, releaseName: release, database } = instance;
  const cluster = connect(connection);
  const [kubeSystem, history, record, holding] = await Promise.all([
    cluster.makeApiClient(CoreV1Api).readNamespace({ name: "kube-system" }),
    readHelmHistory(cluster, namespace, release),
    readRecord(cluster, { namespace, release, database }),
    ifAllowed(readLease(cluster, namespace, release), null),
  ]);
  const live = liveRevision(history);
  return {
    cluster: kubeSystem.metadata?.uid ?? "",
    history,
    live,
    record,
    otherRecords:
      record === null ? await ifAllowed(recordedDatabases(cluster, { namespace, release }), []) : [],
    edited: await ifAllowed(readEdited(cluster, namespace, live, record), []),
    holding,
  };
}

/** Reads the images that were edited since they were verified. An unverified revision is left to the verification. */
async function readEdited(
  cluster: KubeConfig,
  namespace: string,
  live: Revision | undefined,
  record: TransitionRecord | null,
): Promise<EditedImage[]> {
  const verified = record?.verified;
  if (live === undefined || verified?.images === undefined || !isVerified(record, live)) return [];
  return editedImages(verified, await readImages(cluster, namespace, workloadsOf(live.manifest)));
}

/** Allows a preview by somebody who may read less. A user who may deploy may read this. */
async function ifAllowed<T, U>(reading: Promise<T>, otherwise: U): Promise<T | U> {
  try {
    return await reading;
  } catch (error) {
    if (statusOf(error) === 403) return otherwise;
    throw error;
  }
}
