import {
  KubeconfigError,
  reasonOf,
  statusOf as httpStatusOf,
} from "../../components/migrations/cluster/connection";
import { Unreadable } from "../unreadable";
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
    // A mistake of our own is none of the cluster's.
    if (error instanceof TypeError) throw error;
    throw unreadable(error, namespace, release);
  } finally {
    clearTimeout(timer);
  }
}

function unreadable(error: unknown, namespace: string, release: string): Unreadable {
  const denied = httpStatusOf(error) === 403 || httpStatusOf(error) === 401;
  const [wanted, remedy] =
    error instanceof KubeconfigError
      ? ["a kubeconfig that leads to the cluster", "check --kubeconfig, --context and KUBECONFIG"]
      : denied
        ? [
            `permission to read secrets, configmaps, leases, pods, pods/proxy and workloads in namespace ${namespace}`,
            "ask for a role that has it, or name another context with --context",
          ]
        : ["a cluster that answers", "check --kubeconfig, --context and the network"];
  return new Unreadable(
    `the status of release ${release} could not be read`,
    reasonOf(error),
    wanted,
    remedy,
  );
}
