import {
  AppsV1Api,
  CoreV1Api,
  type KubeConfig,
  type V1DaemonSet,
  type V1Deployment,
  type V1LabelSelector,
  type V1Pod,
  type V1PodSpec,
  type V1ReplicaSet,
  type V1StatefulSet,
} from "../../../kubernetes-client";
import { z } from "zod";
import { objectsOf } from "../helm/manifest";
import { UnusableAnswer, used } from "../unusable";

export type Workload =
  | { readonly kind: "Deployment"; readonly name: string; readonly selector: V1LabelSelector }
  | { readonly kind: "StatefulSet"; readonly name: string; readonly selector: V1LabelSelector }
  | { readonly kind: "DaemonSet"; readonly name: string; readonly selector: V1LabelSelector };

/** The workloads and pods in a namespace at one moment. */
export interface Running {
  readonly deployments: readonly V1Deployment[];
  readonly statefulSets: readonly V1StatefulSet[];
  readonly daemonSets: readonly V1DaemonSet[];
  readonly replicaSets: readonly V1ReplicaSet[];
  readonly pods: readonly V1Pod[];
}

/**
 * Returns the workloads of a Helm manifest. The chart's templates are not public, so no names are guessed.
 */
export function workloadsOf(manifest: string): Workload[] {
  return templatesOf(manifest).map(({ kind, name, selector }) => ({ kind, name, selector }));
}

/** A workload of a Helm manifest with the pods it creates. */
export type Template = Workload & { readonly pods: V1PodSpec | undefined };

/** Returns the workloads of a Helm manifest with their pod templates. */
export function templatesOf(manifest: string): Template[] {
  return objectsOf(manifest).flatMap((object) => {
    const { kind, metadata } = object;
    if (kind !== "Deployment" && kind !== "StatefulSet" && kind !== "DaemonSet") return [];
    const { spec } = used(workloadSchema, object, (why) => unusable(`${kind} ${metadata?.name ?? ""}`, why));
    const { selector = {}, template } = (spec ?? {}) as Partial<V1Deployment["spec"] & object>;
    return [{ kind, name: metadata?.name ?? "", selector, pods: template?.spec }];
  });
}

/** The parts of a workload that are read here. Kubernetes has checked what was applied, but not what Helm stores. */
const workloadSchema = z.looseObject({
  spec: z
    .looseObject({
      selector: z
        .object({
          matchLabels: z.record(z.string(), z.string()).optional(),
          matchExpressions: z
            .array(
              z.object({
                key: z.string(),
                operator: z.enum(["In", "NotIn", "Exists", "DoesNotExist"]),
                values: z.array(z.string()).optional(),
              }),
            )
            .optional(),
        })
        .optional(),
      template: z
        .looseObject({
          spec: z.looseObject({ containers: z.array(z.looseObject({ name: z.string() })) }).optional(),
        })
        .optional(),
    })
    .nullish(),
});

function unusable(workload: string, why: string): UnusableAnswer {
  return new UnusableAnswer(
    `a revision in Helm's history has a ${workload} in its manifest that cannot be read: ${why}`,
    "the workloads that Helm has deployed",
    "find the revision with helm get manifest --revision, and restore its Secret from a backup",
  );
}

/** Reads what runs in a namespace, without pods that have ended. */
export async function observeRunning(config: KubeConfig, namespace: string): Promise<Running> {
  const all = await observeAll(config, namespace);
  return { ...all, pods: all.pods.filter((pod) => !hasEnded(pod)) };
}

function hasEnded({ status }: V1Pod): boolean {
  return status?.phase === "Succeeded" || status?.phase === "Failed";
}

/** Reads what runs in a namespace, including pods that have ended: they show why. */
export async function observeAll(config: KubeConfig, namespace: string): Promise<Running> {
  const apps = config.makeApiClient(AppsV1Api);
  const core = config.makeApiClient(CoreV1Api);
  const [deployments, statefulSets, daemonSets, replicaSets, pods] = await Promise.all([
    apps.listNamespacedDeployment({ namespace }),
    apps.listNamespacedStatefulSet({ namespace }),
    apps.listNamespacedDaemonSet({ namespace }),
    apps.listNamespacedReplicaSet({ namespace }),
    core.listNamespacedPod({ namespace }),
  ]);
  return {
    deployments: deployments.items,
    statefulSets: statefulSets.items,
    daemonSets: daemonSets.items,
    replicaSets: replicaSets.items,
    pods: pods.items,
  };
}

/** Returns the pods of a workload's newest template. */
export function newPods(running: Running, workload: Workload): V1Pod[] {
  switch (workload.kind) {
    case "Deployment": {
      const newest = newestReplicaSet(running, workload.name)?.metadata?.uid;
      return running.pods.filter((pod) => newest !== undefined && ownerOf(pod)?.uid === newest);
    }
    case "StatefulSet": {
      const set = running.statefulSets.find((s) => s.metadata?.name === workload.name);
      return running.pods.filter(
        (pod) =>
          set !== undefined &&
          ownerOf(pod)?.uid === set.metadata?.uid &&
          pod.metadata?.labels?.["controller-revision-hash"] === set.status?.updateRevision,
      );
    }
    case "DaemonSet": {
      const set = running.daemonSets.find((s) => s.metadata?.name === workload.name);
      // The template's own generation, as the object's generation also rises with other changes.
      const template = set?.metadata?.annotations?.["deprecated.daemonset.template.generation"];
      return running.pods.filter(
        (pod) =>
          template !== undefined &&
          ownerOf(pod)?.uid === set?.metadata?.uid &&
          pod.metadata?.labels?.["pod-template-generation"] === template,
      );
    }
  }
}

/**
 * Returns the pods of older templates: those that match a workload of the previous or the present manifest and are not
 * new pods of a present one. They are recognized by owner, never by image tag (mirrors, digests). Terminating pods count
 * until they are gone; pods of Jobs do not count.
 */
export function oldPods(
  running: Running,
  previous: readonly Workload[],
  present: readonly Workload[],
): V1Pod[] {
  const current = new Set(present.flatMap((workload) => newPods(running, workload)));
  return running.pods.filter(
    (pod) =>
      !current.has(pod) &&
      ownerOf(pod)?.kind !== "Job" &&
      [...previous, ...present].some((workload) => matches(workload.selector, pod)),
  );
}

/** Returns the ReplicaSet of a Deployment's newest template. */
export function newestReplicaSet(running: Running, deploymentName: string): V1ReplicaSet | undefined {
  const deployment = running.deployments.find((d) => d.metadata?.name === deploymentName);
  const revision = deployment?.metadata?.annotations?.["deployment.kubernetes.io/revision"];
  return running.replicaSets.find(
    (set) =>
      set.metadata?.ownerReferences?.some((owner) => owner.uid === deployment?.metadata?.uid) === true &&
      set.metadata.annotations?.["deployment.kubernetes.io/revision"] === revision,
  );
}

/** Returns the object that controls the pod. */
export function ownerOf(pod: V1Pod) {
  return pod.metadata?.ownerReferences?.find((owner) => owner.controller === true);
}

/** Whether the pod is ready, and so gets requests. */
export function isReady(pod: V1Pod): boolean {
  return pod.status?.conditions?.some(({ type, status }) => type === "Ready" && status === "True") === true;
}

/** Whether a label selector admits the pod; `matchExpressions` with Kubernetes' four operators. */
export function matches(selector: V1LabelSelector, pod: V1Pod): boolean {
  const labels = pod.metadata?.labels ?? {};
  const byLabels = Object.entries(selector.matchLabels ?? {});
  const byExpressions = selector.matchExpressions ?? [];
  if (byLabels.length + byExpressions.length === 0) return false;
  return (
    byLabels.every(([key, value]) => labels[key] === value) &&
    byExpressions.every(({ key, operator, values = [] }) => {
      const value = labels[key];
      switch (operator) {
        case "In":
          return value !== undefined && values.includes(value);
        case "NotIn":
          return value === undefined || !values.includes(value);
        case "Exists":
          return value !== undefined;
        case "DoesNotExist":
          return value === undefined;
        default:
          throw new Error(`unknown selector operator ${operator}`);
      }
    })
  );
}
