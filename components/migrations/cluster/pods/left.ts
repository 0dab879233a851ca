import type { V1Pod } from "../../../kubernetes-client";

/** The cluster's own default. */
const graceSeconds = 30;
/** The time that a working cluster needs beside the grace period; a lost node never ends its pods. */
const besideGraceMilliseconds = 120_000;
/** More than a look at a cluster that answers ever takes. */
const longestLookMilliseconds = 10_000;

/** Returns how long pods may take to end. */
export function endWithinMilliseconds(pods: readonly V1Pod[]): number {
  const graces = pods.map(({ spec }) => spec?.terminationGracePeriodSeconds ?? graceSeconds);
  return Math.max(0, ...graces) * 1000 + besideGraceMilliseconds;
}

/**
 * Measures how long pods take to end, over the time of one wait and with this machine's clock. A time in which the API
 * server did not answer hardly counts: the pods may have ended meanwhile, and nobody could write that down.
 */
export class Ending {
  readonly #milliseconds = new Map<string, number>();
  #lookedAt: number | undefined;

  constructor(private readonly now: () => number = Date.now) {}

  /** Returns the pods that take longer than they may. Call it at every look, as it counts from one to the next. */
  overdue(pods: readonly V1Pod[]): V1Pod[] {
    const now = this.now();
    const passed = Math.min(now - (this.#lookedAt ?? now), longestLookMilliseconds);
    this.#lookedAt = now;
    return pods
      .filter(({ metadata }) => metadata?.deletionTimestamp !== undefined)
      .filter((pod) => {
        const uid = pod.metadata?.uid ?? "";
        const known = this.#milliseconds.get(uid);
        const taken = known === undefined ? 0 : known + passed;
        this.#milliseconds.set(uid, taken);
        return taken > endWithinMilliseconds([pod]);
      });
  }
}

/** Lists pods that still exist, with their nodes. */
export function describeLeft(pods: readonly V1Pod[]): string {
  return pods
    .map(({ metadata, spec }) => `${metadata?.name ?? ""} on the node ${spec?.nodeName ?? "of no name"}`)
    .join(", ");
}

/** Says what to do about pods that do not end. After a forced deletion, nobody would see one that still works. */
export function forceDeletion(namespace: string, pods: readonly V1Pod[]): string {
  const names = pods.map(({ metadata }) => metadata?.name ?? "").join(" ");
  return `make sure that the node is off or gone for good, then kubectl delete pod ${names} -n ${namespace} --force --grace-period=0`;
}
