import type { V1Pod, V1PodSpec } from "../../components/kubernetes-client";
import type { Revision } from "../../components/migrations/cluster/helm/history";
import { stoppedReplicas } from "../../components/migrations/cluster/pods/standstill";
import {
  newPods,
  oldPods,
  templatesOf,
  type Running,
  type Template,
  type Workload,
} from "../../components/migrations/cluster/pods/workloads";

/** A pod of the release. */
export interface PodState {
  readonly name: string;
  /** The version of the revision whose template the pod has; `null` if that is not known for sure. */
  readonly version: string | null;
  /** Whether the pod is of its workload's newest template. */
  readonly template: "current" | "older";
  readonly ready: boolean;
}

/** A workload of the release with its pods. One that the live revision no longer has wants no pods. */
export interface WorkloadState {
  readonly kind: Workload["kind"];
  readonly name: string;
  readonly wanted: number;
  /** How many pods it had before a restore stopped it; `null` unless it is stopped. */
  readonly stopped: number | null;
  readonly pods: readonly PodState[];
}

/** Returns the pods of the live revision's workloads, and those that are left of earlier revisions. */
export function workloadStates(
  running: Running,
  live: Revision,
  before: readonly Revision[],
): WorkloadState[] {
  const present = templatesOf(live.manifest);
  const known = [
    ...present.map((template) => ({ template, version: live.version })),
    ...before.flatMap(({ manifest, version }) =>
      templatesOf(manifest).map((template) => ({ template, version })),
    ),
  ];
  const gone = known
    .map(({ template }) => template)
    .filter((one, index, all) => all.findIndex((other) => isSame(one, other)) === index)
    .filter((one) => !present.some((other) => isSame(one, other)));
  const state = (pod: V1Pod, workload: Workload, template: PodState["template"]): PodState => ({
    name: pod.metadata?.name ?? "",
    version: versionOf(known, workload, podTemplate(running, pod, workload, template)),
    template,
    ready: isReady(pod),
  });
  return [
    ...present.map((workload) => ({
      kind: workload.kind,
      name: workload.name,
      wanted: wantedPods(running, workload),
      stopped: stoppedPods(running, workload),
      pods: [
        ...newPods(running, workload).map((pod) => state(pod, workload, "current")),
        ...oldPods(running, [], [workload]).map((pod) => state(pod, workload, "older")),
      ],
    })),
    ...gone.map((workload) => ({
      kind: workload.kind,
      name: workload.name,
      wanted: 0,
      stopped: null,
      pods: oldPods(running, [workload], []).map((pod) => state(pod, workload, "older")),
    })),
  ].filter(({ wanted, stopped, pods }) => wanted > 0 || stopped !== null || pods.length > 0);
}

function isSame(one: Workload, other: Workload): boolean {
  return one.kind === other.kind && one.name === other.name;
}

/** Returns the version of the revisions whose template has exactly these images, if they agree. */
function versionOf(
  known: readonly { readonly template: Template; readonly version: string }[],
  workload: Workload,
  pods: V1PodSpec | undefined,
): string | null {
  const images = imagesOf(pods);
  if (images === undefined) return null;
  const versions = known
    .filter(({ template }) => isSame(template, workload) && imagesOf(template.pods) === images)
    .map(({ version }) => version);
  const [first] = versions;
  return first !== undefined && versions.every((version) => version === first) ? first : null;
}

/**
 * Returns the template that a pod was made from. The pod's own specification shows less, as a cluster may add
 * containers to it.
 */
function podTemplate(
  running: Running,
  pod: V1Pod,
  workload: Workload,
  template: PodState["template"],
): V1PodSpec | undefined {
  if (workload.kind === "Deployment") {
    const owners = pod.metadata?.ownerReferences ?? [];
    return running.replicaSets.find((set) => owners.some(({ uid }) => uid === set.metadata?.uid))?.spec
      ?.template?.spec;
  }
  // Only the newest template of these is available.
  if (template === "older") return undefined;
  const sets = workload.kind === "StatefulSet" ? running.statefulSets : running.daemonSets;
  return sets.find(({ metadata }) => metadata?.name === workload.name)?.spec?.template.spec;
}

function imagesOf(pods: V1PodSpec | undefined): string | undefined {
  if (pods === undefined) return undefined;
  return [...(pods.initContainers ?? []), ...pods.containers]
    .map(({ name, image }) => `${name}=${image}`)
    .join(" ");
}

function wantedPods(running: Running, { kind, name }: Workload): number {
  switch (kind) {
    case "Deployment":
      return named(running.deployments, name)?.spec?.replicas ?? 1;
    case "StatefulSet":
      return named(running.statefulSets, name)?.spec?.replicas ?? 1;
    case "DaemonSet":
      return named(running.daemonSets, name)?.status?.desiredNumberScheduled ?? 0;
  }
}

function stoppedPods({ deployments, statefulSets }: Running, { kind, name }: Workload): number | null {
  if (kind === "DaemonSet") return null;
  const object = kind === "Deployment" ? named(deployments, name) : named(statefulSets, name);
  return object === undefined ? null : stoppedReplicas(object);
}

function named<T extends { readonly metadata?: { readonly name?: string } }>(
  objects: readonly T[],
  name: string,
): T | undefined {
  return objects.find(({ metadata }) => metadata?.name === name);
}

function isReady({ metadata, status }: V1Pod): boolean {
  const ready = status?.conditions?.find(({ type }) => type === "Ready");
  return metadata?.deletionTimestamp === undefined && ready?.status === "True";
}
