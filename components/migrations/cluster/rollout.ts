import type { IntOrString, V1Deployment, V1Pod, V1StatefulSet } from "@kubernetes/client-node";
import { newPods, oldPods, type Running, type Workload } from "./workloads";

/** How far a rollout is, in the words of a progress line. */
export interface Rollout {
  readonly complete: boolean;
  readonly line: string;
  /** Why waiting longer may make no sense, one reason a pod or workload. */
  readonly troubles: readonly Trouble[];
}

export interface Trouble {
  /** The pod, or the workload where no pod is to blame. */
  readonly subject: string;
  readonly reason: string;
  readonly message: string;
  /** Times a crashing container was started again. */
  readonly restarts: number;
  /** Which condition of a workload says so, and when it was set. */
  readonly condition?: string;
}

/** A rollout that can never complete by waiting, whatever its pods do. */
export class RolloutRefused extends Error {}

/** Compares what runs with the workloads of the present and the previous manifest. */
export function judgeRollout(
  running: Running,
  previous: readonly Workload[],
  present: readonly Workload[],
): Rollout {
  const parts = present.map((workload) => ({ workload, ...progressOf(running, workload) }));
  const old = oldPods(running, previous, present);
  const unfinished = parts.filter((part) => !part.complete).map((part) => part.line);
  const left = old.length === 0 ? [] : [`old pods left: ${old.length}`];
  return {
    complete: unfinished.length === 0 && old.length === 0,
    line: [...unfinished, ...left].join(", "),
    troubles: [
      ...parts.flatMap((part) => part.troubles),
      ...present.flatMap((workload) => newPods(running, workload).flatMap(troublesOfPod)),
      ...old.flatMap((pod) => lostPod(pod)),
    ],
  };
}

interface Part {
  readonly complete: boolean;
  readonly line: string;
  readonly troubles: readonly Trouble[];
}

function progressOf(running: Running, workload: Workload): Part {
  switch (workload.kind) {
    case "Deployment":
      return ofDeployment(
        workload.name,
        running.deployments.find((d) => d.metadata?.name === workload.name),
      );
    case "StatefulSet":
      return ofStatefulSet(
        workload.name,
        running.statefulSets.find((s) => s.metadata?.name === workload.name),
      );
    case "DaemonSet": {
      const set = running.daemonSets.find((s) => s.metadata?.name === workload.name);
      const wanted = set?.status?.desiredNumberScheduled ?? 0;
      const ready = set?.status?.updatedNumberScheduled ?? 0;
      const observed = set?.status?.observedGeneration === set?.metadata?.generation;
      const complete =
        set !== undefined && observed && ready === wanted && (set.status?.numberUnavailable ?? 0) === 0;
      return { complete, line: `${workload.name} ${ready}/${wanted} ready`, troubles: [] };
    }
  }
}

function ofDeployment(name: string, deployment: V1Deployment | undefined): Part {
  if (deployment === undefined) return { complete: false, line: `${name} missing`, troubles: [] };
  if (deployment.spec?.paused === true) {
    throw new RolloutRefused(
      `Deployment ${name} is paused: kubectl rollout resume deployment/${name} lets it go on`,
    );
  }
  const { status } = deployment;
  const wanted = deployment.spec?.replicas ?? 1;
  const unavailable = allowedUnavailable(deployment, wanted);
  const complete =
    status?.observedGeneration === deployment.metadata?.generation &&
    (status?.updatedReplicas ?? 0) === wanted &&
    (status?.replicas ?? 0) === wanted &&
    (status?.availableReplicas ?? 0) >= wanted - unavailable;
  const stalled = status?.conditions?.find(
    (condition) => condition.type === "Progressing" && condition.reason === "ProgressDeadlineExceeded",
  );
  // The old generation's condition says nothing of this rollout.
  const judged = status?.observedGeneration === deployment.metadata?.generation;
  return {
    complete,
    line: `${name} ${Math.min(status?.updatedReplicas ?? 0, status?.availableReplicas ?? 0)}/${wanted} ready`,
    troubles:
      stalled !== undefined && judged
        ? [
            {
              subject: name,
              reason: "ProgressDeadlineExceeded",
              message: stalled.message ?? "",
              restarts: 0,
              condition: `${name} since ${stalled.lastUpdateTime?.toISOString() ?? "?"}`,
            },
          ]
        : [],
  };
}

function ofStatefulSet(name: string, set: V1StatefulSet | undefined): Part {
  if (set === undefined) return { complete: false, line: `${name} missing`, troubles: [] };
  const strategy = set.spec?.updateStrategy;
  if (strategy?.type === "OnDelete" || (strategy?.rollingUpdate?.partition ?? 0) > 0) {
    throw new RolloutRefused(
      `StatefulSet ${name} does not roll by itself (updateStrategy OnDelete or a partition): its pods would stay old`,
    );
  }
  const { status } = set;
  const wanted = set.spec?.replicas ?? 1;
  const complete =
    status?.observedGeneration === set.metadata?.generation &&
    status?.currentRevision === status?.updateRevision &&
    (status?.readyReplicas ?? 0) === wanted;
  return { complete, line: `${name} ${status?.updatedReplicas ?? 0}/${wanted} ready`, troubles: [] };
}

/** Kubernetes' own rounding: a percentage of pods that may be missing is rounded down. */
function allowedUnavailable(deployment: V1Deployment, wanted: number): number {
  const strategy = deployment.spec?.strategy;
  if (strategy?.type === "Recreate") return 0;
  const value: IntOrString = strategy?.rollingUpdate?.maxUnavailable ?? "25%";
  return typeof value === "number" ? value : Math.floor((wanted * Number.parseInt(value, 10)) / 100);
}

const hopelessReasons = new Set([
  "ImagePullBackOff",
  "ErrImagePull",
  "InvalidImageName",
  "CreateContainerConfigError",
  "CreateContainerError",
  "CrashLoopBackOff",
]);

function troublesOfPod(pod: V1Pod): Trouble[] {
  const subject = pod.metadata?.name ?? "";
  const unscheduled = pod.status?.conditions?.find(
    (condition) => condition.type === "PodScheduled" && condition.reason === "Unschedulable",
  );
  const pending =
    unscheduled === undefined
      ? []
      : [{ subject, reason: "Unschedulable", message: unscheduled.message ?? "", restarts: 0 }];
  const statuses = [...(pod.status?.initContainerStatuses ?? []), ...(pod.status?.containerStatuses ?? [])];
  const waiting = statuses.flatMap(({ state, name, restartCount }) => {
    const reason = state?.waiting?.reason;
    if (reason === undefined || !hopelessReasons.has(reason)) return [];
    return [
      {
        subject,
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
  return troublesOfPod(pod).some(({ reason }) => reason.endsWith("BackOff"));
}

/** An old pod that its node can no longer report on will not go by waiting. */
function lostPod(pod: V1Pod): Trouble[] {
  const ready = pod.status?.conditions?.find((condition) => condition.type === "Ready");
  return ready?.reason === "NodeLost" || pod.status?.reason === "NodeLost"
    ? [
        {
          subject: pod.metadata?.name ?? "",
          reason: "NodeLost",
          message: `node ${pod.spec?.nodeName ?? "?"} does not answer`,
          restarts: 0,
        },
      ]
    : [];
}
