import type { V1Pod } from "../../../kubernetes-client";

/** The cluster's own default. */
const graceSeconds = 30;
/** What a cluster that works needs beside the grace period; a node that is lost never ends its pods. */
const besideGraceMilliseconds = 120_000;

/** How long pods may take to end. */
export function endWithinMilliseconds(pods: readonly V1Pod[]): number {
  const graces = pods.map(({ spec }) => spec?.terminationGracePeriodSeconds ?? graceSeconds);
  return Math.max(0, ...graces) * 1000 + besideGraceMilliseconds;
}

/** Pods that are there still, with their nodes. */
export function describeLeft(pods: readonly V1Pod[]): string {
  return pods
    .map(({ metadata, spec }) => `${metadata?.name ?? ""} on the node ${spec?.nodeName ?? "of no name"}`)
    .join(", ");
}

/** What to do about pods that do not end. Deleted by force, one that works on would not be seen any more. */
export function forceDeletion(namespace: string, pods: readonly V1Pod[]): string {
  const names = pods.map(({ metadata }) => metadata?.name ?? "").join(" ");
  return `see that the node is off or gone for good, then kubectl delete pod ${names} -n ${namespace} --force --grace-period=0`;
}
