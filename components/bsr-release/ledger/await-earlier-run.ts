import { setTimeout as sleep } from "node:timers/promises";
import { connect, type Connection } from "../../migrations/cluster/connection";
import { holdLease, LeaseHeldError, LeaseWatch, readLease } from "../../migrations/cluster/run/lease";
import { isOfStack, leaseHolder } from "../../migrations/cluster/run/lease-holder";

const pollMilliseconds = 1000;

/**
 * Waits until a step of another run of the same stack has ended, because what it does decides the plan. The engine
 * allows one run of a stack at a time, so that run was killed or has a copy of the state. Its step either still works
 * and renews the lease, or was killed too, and the lease runs out. Then the lease is given back, so that this run's
 * first step does not wait for it again.
 */
export async function awaitRunBefore(
  connection: Connection,
  { namespace, releaseName }: { readonly namespace: string; readonly releaseName: string },
  stack: string,
  say: (text: string) => void,
): Promise<void> {
  const cluster = connect(connection);
  const watch = new LeaseWatch();
  let isTold = false;
  for (;;) {
    const held = await readLease(cluster, namespace, releaseName);
    if (held === null || !isOfStack(held.holder, stack)) return;
    if (watch.hasRunOut(held)) return giveBack();
    if (!isTold) {
      say(
        `release ${releaseName} in namespace ${namespace}: ${held.holder} has held the lease since ` +
          `${held.since.toISOString()}. It is another run of this stack, which was killed, or still works with a copy of ` +
          `the state: waiting until it ends, or has not renewed the lease for ${held.seconds} s`,
      );
      isTold = true;
    }
    await sleep(pollMilliseconds);
  }

  async function giveBack(): Promise<void> {
    try {
      const left = await holdLease(connection, namespace, releaseName, leaseHolder(stack), watch);
      await left.release();
    } catch (error) {
      // Another run was quicker; this run's first step will find out which.
      if (!(error instanceof LeaseHeldError)) throw error;
    }
  }
}
