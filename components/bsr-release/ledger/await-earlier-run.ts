import { setTimeout as sleep } from "node:timers/promises";
import { connect, type Connection } from "../../migrations/cluster/connection";
import { readLease } from "../../migrations/cluster/run/lease";
import { isOfStack } from "../../migrations/cluster/run/lease-holder";

const pollMilliseconds = 1000;

/**
 * Waits until the step has ended that an earlier run of the same stack has left at work, as what it does decides the
 * plan. The engine lets one run of a stack at a time, so that earlier run was killed; its step either still works and
 * renews the lease, or was killed as well and lets it run out.
 */
export async function awaitRunBefore(
  connection: Connection,
  { namespace, releaseName }: { readonly namespace: string; readonly releaseName: string },
  stack: string,
  say: (text: string) => void,
): Promise<void> {
  const cluster = connect(connection);
  let isTold = false;
  for (;;) {
    const held = await readLease(cluster, namespace, releaseName);
    if (held === null || !isOfStack(held.holder, stack) || held.runsOut.getTime() <= Date.now()) return;
    if (!isTold) {
      say(
        `release ${releaseName} in namespace ${namespace}: a step that an earlier run of this stack began at ` +
          `${held.since.toISOString()} is still at work, or was killed: waiting until it ends, or its lease has run out`,
      );
      isTold = true;
    }
    await sleep(pollMilliseconds);
  }
}
