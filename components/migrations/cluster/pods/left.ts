import type { V1Pod } from "../../../kubernetes-client";

/** The cluster's own default. */
const graceSeconds = 30;
/** The time that a working cluster needs beside the grace period; a lost node never ends its pods. */
const besideGraceMilliseconds = 120_000;

/** Returns how long pods may take to end. */
export function endWithinMilliseconds(pods: readonly V1Pod[]): number {
  const graces = pods.map(({ spec }) => spec?.terminationGracePeriodSeconds ?? graceSeconds);
  return Math.max(0, ...graces) * 1000 + besideGraceMilliseconds;
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
