import { CoreV1Api } from "@kubernetes/client-node";
import { connect, type Connection } from "../migrations/cluster/connection";
import { liveRevision, readHelmHistory } from "../migrations/cluster/helm-history";
import { readRecord } from "../migrations/cluster/record";
import type { Observation } from "./position";

/** A cluster that has not answered by then counts as one that cannot be reached. */
const timeLimitMilliseconds = 30_000;

export interface Instance {
  readonly namespace: string;
  readonly releaseName: string;
  readonly database: string;
}

/** Reads what the cluster shows of an instance; changes nothing. */
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
  const [kubeSystem, history, record] = await Promise.all([
    cluster.makeApiClient(CoreV1Api).readNamespace({ name: "kube-system" }),
    readHelmHistory(cluster, namespace, release),
    readRecord(cluster, { namespace, release, database }),
  ]);
  return {
    cluster: kubeSystem.metadata?.uid ?? "",
    history,
    live: liveRevision(history),
    record,
  };
}
