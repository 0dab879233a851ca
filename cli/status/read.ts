import { connectionOf } from "../instance/options";
import { fromCluster } from "../instance/read";
import type { StatusOptions } from "./command";
import { observe } from "./observe";
import { statusOf, type Status } from "./status";

export { textOf } from "./render-text";

/** Reads an instance's status. */
export function readStatus(options: StatusOptions): Promise<Status> {
  const { namespace, release } = options;
  const needed = {
    what: "the status",
    permissions: "secrets, configmaps, leases, pods, pods/proxy and workloads",
  };
  return fromCluster(options, needed, async () =>
    statusOf(await observe(connectionOf(options), { namespace, release })),
  );
}
