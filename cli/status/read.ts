import { isOwnMistake } from "../../components/migrations/cluster/connection";
import { unreadableCluster } from "../unreadable-cluster";
import type { StatusOptions } from "./command";
import { observe } from "./observe";
import { statusOf, type Status } from "./status";

export { textOf } from "./render-text";

/** A cluster that has not answered by then counts as one that cannot be reached. */
const timeLimitMilliseconds = 30_000;

/** Reads an instance's status. */
export async function readStatus({ namespace, release, ...connection }: StatusOptions): Promise<Status> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(
      () => reject(new Error(`the cluster did not answer within ${timeLimitMilliseconds / 1000} s`)),
      timeLimitMilliseconds,
    );
  });
  try {
    return statusOf(await Promise.race([observe(connection, { namespace, release }), late]));
  } catch (error) {
    if (isOwnMistake(error)) throw error;
    throw unreadableCluster(
      `the status of release ${release} could not be read`,
      error,
      `permission to read secrets, configmaps, leases, pods, pods/proxy and workloads in namespace ${namespace}`,
    );
  } finally {
    clearTimeout(timer);
  }
}
