import { setTimeout as sleep } from "node:timers/promises";
import { connect, type Connection } from "../../migrations/cluster/connection";
import { holdLease, LeaseHeldError, LeaseWatch, readLease } from "../../migrations/cluster/run/lease";
import { isOfStack, leaseHolder } from "../../migrations/cluster/run/lease-holder";

const pollMilliseconds = 1000;

/**
 * Waits until the step has ended that another run of the same stack has left at work, as what it does decides the plan.
 * The engine lets one run of a stack at a time, so that run was killed, or it has a copy of the state; its step either
 * still works and renews the lease, or was killed as well and lets it run out. Then the lease is given back, so that this
 * run's first step does not wait for it once more.
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
        `release ${releaseName} in namespace ${namespace}: ${held.holder} has the lease since ` +
          `${held.since.toISOString()}. It is another run of this stack, which is at work, as with a copy of the state, or ` +
          `was killed: waiting until it ends, or has not renewed the lease for ${held.seconds} s`,
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
      // Somebody was quicker: this run's first step will find out who.
      if (!(error instanceof LeaseHeldError)) throw error;
    }
  }
}
