import type {
  IntOrString,
  V1DaemonSet,
  V1Deployment,
  V1Pod,
  V1StatefulSet,
} from "../../../kubernetes-client";
import {
  isReady,
  matches,
  newestReplicaSet,
  newPods,
  oldPods,
  type Running,
  type Workload,
} from "./workloads";

/** The progress of a rollout. */
export interface Rollout {
  readonly complete: boolean;
  /** Every workload with its ready pods, and what keeps them from being ready, for a line of progress. */
  readonly line: string;
  /** The workloads that are not complete yet, in words; if all are, the old pods that are left. */
  readonly unfinished: string;
  readonly incomplete: readonly Workload[];
  /** The pods of older templates that are left. */
  readonly old: readonly V1Pod[];
  /** The pods that serve requests meanwhile, by workload. */
  readonly serving: string;
  /** Why waiting longer may be pointless, with one reason for each pod or workload. */
  readonly troubles: readonly Trouble[];
}

export interface Trouble {
  /** The pod, or the workload if no pod is the cause. */
  readonly subject: string;
  readonly workload: string;
  readonly reason: string;
  readonly message: string;
  /** How often a crashing container was started again. */
  readonly restarts: number;
  /** The workload's condition that says so, and when it was set. */
  readonly condition?: string;
}

/** A rollout that waiting can never complete, whatever its pods do. */
export class RolloutRefused extends Error {}

/** Compares what runs with the workloads of the present and the previous manifest. */
export function judgeRollout(
  running: Running,
  previous: readonly Workload[],
  present: readonly Workload[],
): Rollout {
  const parts = present.map((workload) => ({
    workload,
    ...progressOf(running, workload),
    ready: newPods(running, workload).filter(isReady).length,
  }));
  const incomplete = parts.filter((part) => !part.complete);
  const old = oldPods(running, previous, present);
  const left = old.length === 0 ? [] : [`old pods left: ${old.length}`];
  const troubles = [
    ...parts.flatMap((part) => part.troubles),
    ...present.flatMap((workload) =>
      newPods(running, workload).flatMap((pod) => troublesOfPod(pod, workload.name)),
    ),
  ];
  return {
    complete: parts.every((part) => part.complete) && old.length === 0,
    line: [...readiness(parts), ...left, ...inShort(troubles)].join("; "),
    unfinished: [...readiness(incomplete), ...(incomplete.length > 0 ? left : namesOf(old))].join("; "),
    incomplete: incomplete.map(({ workload }) => workload),
    old,
    serving: servingOf(running, old, [...present, ...previous]),
    troubles,
  };
}

function namesOf(old: readonly V1Pod[]): string[] {
  return old.length === 0 ? [] : [`old pods left: ${old.map(({ metadata }) => metadata?.name).join(", ")}`];
}

interface Part {
  readonly name: string;
  readonly complete: boolean;
  /** The replicas that it should have; `null` if the workload is missing. */
  readonly wanted: number | null;
  /** Whether its controller has seen its newest template; before that, its newest pods are of an older one. */
  readonly observed: boolean;
  readonly troubles: readonly Trouble[];
}

function readiness(parts: readonly (Part & { readonly ready: number })[]): string[] {
  const counted = parts
    .filter(({ wanted }) => wanted !== null)
    .map(({ name, observed, ready, wanted }) => `${name} ${observed ? ready : 0}/${wanted}`);
  const missing = parts.filter(({ wanted }) => wanted === null).map(({ name }) => `${name} missing`);
  return [...(counted.length === 0 ? [] : [`${counted.join(", ")} ready`]), ...missing];
}

/** Gives each reason once with its pods. Only the scheduler's message is short enough to be shown too. */
function inShort(troubles: readonly Trouble[]): string[] {
  const subjects = new Map<string, Set<string>>();
  for (const { subject, reason, message } of troubles) {
    const text = reason === "Unschedulable" ? `${reason}: ${message}` : reason;
    subjects.set(text, (subjects.get(text) ?? new Set()).add(subject));
  }
  return [...subjects].map(([text, names]) => `${[...names].join(", ")}: ${text}`);
}

/** What still serves users if a rollout does not complete. */
function servingOf(running: Running, old: readonly V1Pod[], workloads: readonly Workload[]): string {
  const names = [...new Set(workloads.map(({ name }) => name))];
  const counted = names.map((name) => {
    const same = workloads.filter((workload) => workload.name === name);
    const ready = running.pods
      .filter((pod) => isReady(pod) && pod.metadata?.deletionTimestamp === undefined)
      .filter((pod) => same.some(({ selector }) => matches(selector, pod)));
    const before = ready.filter((pod) => old.includes(pod)).length;
    return { name, before, after: ready.length - before };
  });
  const serving = counted.filter(({ before, after }) => before + after > 0).map(countText);
  const silent = counted.filter(({ before, after }) => before + after === 0).map(({ name }) => name);
  return [
    ...(serving.length === 0 ? [] : [`still serving: ${serving.join(", ")}`]),
    ...(silent.length === 0 ? [] : [`not serving: ${silent.join(", ")}`]),
  ].join("; ");
}

function countText({ name, before, after }: { name: string; before: number; after: number }): string {
  const parts = [...(before === 0 ? [] : [`${before} old`]), ...(after === 0 ? [] : [`${after} new`])];
  return `${name} ${parts.join(" and ")}`;
}

function progressOf(running: Running, workload: Workload): Part {
  const { name } = workload;
  switch (workload.kind) {
    case "Deployment":
      return ofDeployment(running, workload);
    case "StatefulSet":
      return ofStatefulSet(
        name,
        running.statefulSets.find((s) => s.metadata?.name === name),
      );
    case "DaemonSet":
      return ofDaemonSet(
        name,
        running.daemonSets.find((s) => s.metadata?.name === name),
      );
  }
}

function missing(name: string): Part {
  return { name, complete: false, wanted: null, observed: false, troubles: [] };
}

function ofDeployment(running: Running, workload: Workload): Part {
  const { name } = workload;
  const deployment = running.deployments.find((d) => d.metadata?.name === name);
  if (deployment === undefined) return missing(name);
  if (deployment.spec?.paused === true) {
    throw new RolloutRefused(
      `Deployment ${name} is paused: kubectl rollout resume deployment/${name} lets it continue`,
    );
  }
  const { status } = deployment;
  const wanted = deployment.spec?.replicas ?? 1;
  const unavailable = allowedUnavailable(deployment, wanted);
  const observed = status?.observedGeneration === deployment.metadata?.generation;
  const complete =
    observed &&
    (status?.updatedReplicas ?? 0) === wanted &&
    (status?.replicas ?? 0) === wanted &&
    (status?.availableReplicas ?? 0) >= wanted - unavailable;
  // The old generation's conditions say nothing about this rollout.
  const troubles = observed
    ? [...stalled(deployment, name), ...uncreated(running, workload, deployment)]
    : [];
  return { name, complete, wanted, observed, troubles };
}

function stalled({ status }: V1Deployment, name: string): Trouble[] {
  return (status?.conditions ?? [])
    .filter(({ type, reason }) => type === "Progressing" && reason === "ProgressDeadlineExceeded")
    .map(({ message = "", lastUpdateTime }) => ({
      subject: name,
      workload: name,
      reason: "ProgressDeadlineExceeded",
      message,
      restarts: 0,
      condition: `${name} since ${lastUpdateTime?.toISOString() ?? "?"}`,
    }));
}

/**
 * The trouble if no pod of the newest template could be created: a quota, an admission webhook, a missing service
 * account. It is read from the newest ReplicaSet, because the Deployment's own condition may be about an older one.
 */
function uncreated(running: Running, workload: Workload, { status }: V1Deployment): Trouble[] {
  if (newPods(running, workload).length > 0) return [];
  const { name } = workload;
  const conditions = [
    ...(newestReplicaSet(running, name)?.status?.conditions ?? []).filter(
      (condition) => condition.type === "ReplicaFailure" && condition.status === "True",
    ),
    ...(status?.conditions ?? []).filter(({ reason }) => reason === "ReplicaSetCreateError"),
  ];
  return conditions.map(({ reason = "FailedCreate", message = "" }) => ({
    subject: name,
    workload: name,
    reason,
    message,
    restarts: 0,
  }));
}

function ofStatefulSet(name: string, set: V1StatefulSet | undefined): Part {
  if (set === undefined) return missing(name);
  const strategy = set.spec?.updateStrategy;
  if (strategy?.type === "OnDelete" || (strategy?.rollingUpdate?.partition ?? 0) > 0) {
    throw new RolloutRefused(
      `StatefulSet ${name} does not roll by itself (updateStrategy OnDelete or a partition): its pods would stay old`,
    );
  }
  const { status } = set;
  const wanted = set.spec?.replicas ?? 1;
  const observed = status?.observedGeneration === set.metadata?.generation;
  const complete =
    observed && status?.currentRevision === status?.updateRevision && (status?.readyReplicas ?? 0) === wanted;
  return { name, complete, wanted, observed, troubles: [] };
}

function ofDaemonSet(name: string, set: V1DaemonSet | undefined): Part {
  if (set === undefined) return missing(name);
  if (set.spec?.updateStrategy?.type === "OnDelete") {
    throw new RolloutRefused(
      `DaemonSet ${name} does not roll by itself (updateStrategy OnDelete): its pods would stay old`,
    );
  }
  const { status } = set;
  const wanted = status?.desiredNumberScheduled ?? 0;
  const observed = status?.observedGeneration === set.metadata?.generation;
  const complete =
    observed && (status?.updatedNumberScheduled ?? 0) === wanted && (status?.numberUnavailable ?? 0) === 0;
  return { name, complete, wanted, observed, troubles: [] };
}

/** Rounds as Kubernetes does: a percentage of pods that may be missing is rounded down. */
function allowedUnavailable(deployment: V1Deployment, wanted: number): number {
  const strategy = deployment.spec?.strategy;
  if (strategy?.type === "Recreate") return 0;
  const value: IntOrString = strategy?.rollingUpdate?.maxUnavailable ?? "25%";
  return typeof value === "number" ? value : Math.floor((wanted * Number.parseInt(value, 10)) / 100);
}

const hopelessReasons = new Set([
  "ImagePullBackOff",
  "ErrImagePull",
  "ErrImageNeverPull",
  "InvalidImageName",
  "CreateContainerConfigError",
  "CreateContainerError",
  "RunContainerError",
  "CrashLoopBackOff",
]);

/** Returns what keeps a pod from being ready, as far as its own state shows. */
export function troublesOfPod(pod: V1Pod, workload: string): Trouble[] {
  const subject = pod.metadata?.name ?? "";
  const unscheduled = pod.status?.conditions?.find(
    (condition) => condition.type === "PodScheduled" && condition.reason === "Unschedulable",
  );
  const pending =
    unscheduled === undefined
      ? []
      : [{ subject, workload, reason: "Unschedulable", message: unscheduled.message ?? "", restarts: 0 }];
  const statuses = [...(pod.status?.initContainerStatuses ?? []), ...(pod.status?.containerStatuses ?? [])];
  const waiting = statuses.flatMap(({ state, name, restartCount }) => {
    const reason = state?.waiting?.reason;
    if (reason === undefined || !hopelessReasons.has(reason)) return [];
    return [
      {
        subject,
        workload,
        reason,
        message: `container ${name}: ${state?.waiting?.message ?? ""}`,
        restarts: restartCount,
      },
    ];
  });
  return [...pending, ...waiting];
}

/** Whether the kubelet waits, longer each time, before it tries this pod again. */
export function isBackedOff(pod: V1Pod): boolean {
  return troublesOfPod(pod, "").some(({ reason }) => reason.endsWith("BackOff"));
}
