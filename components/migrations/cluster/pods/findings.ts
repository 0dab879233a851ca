import type {
  CoreV1Event,
  V1ContainerStatus,
  V1Job,
  V1Pod,
  V1ContainerStateTerminated,
} from "../../../kubernetes-client";
import { isReady, newestReplicaSet, newPods, ownerOf, type Running, type Workload } from "./workloads";

/** What is examined to find out why something does not become ready. */
export interface Scene {
  /** Includes pods that have ended. */
  readonly running: Running;
  readonly jobs: readonly V1Job[];
  /** Warnings only. */
  readonly events: readonly CoreV1Event[];
  /** The workloads that are not ready. */
  readonly workloads: readonly Workload[];
  /** The names of Jobs that failed or do not end. */
  readonly suspectJobs: readonly string[];
}

/** One reason why one object is not ready. */
export interface Finding {
  /** The name of a pod, or of the workload or Job if no pod is the cause. */
  readonly subject: string;
  readonly text: string;
  /** The container whose log may say more. */
  readonly container?: string;
  /** The object, and the reasons of its events that only repeat this finding. */
  readonly uid: string | undefined;
  readonly covers: readonly string[];
}

/** Returns why the suspects of a scene are not ready: each reason of each pod, and pods that could not be created. */
export function findingsOf(scene: Scene): Finding[] {
  const { running, workloads, jobs, suspectJobs } = scene;
  return [
    ...workloads.flatMap((workload) => [
      ...uncreatedPods(scene, workload),
      ...newestFirst(newPods(running, workload)).flatMap((pod) => findingsOfPod(scene, pod)),
    ]),
    ...suspectJobs.flatMap((name) => {
      const job = jobs.find(({ metadata }) => metadata?.name === name);
      if (job === undefined) {
        const text = "is gone, and its pods with it";
        return [{ subject: `Job ${name}`, text, uid: undefined, covers: [] }];
      }
      const ofPods = newestFirst(podsOf(running, job)).flatMap((pod) => findingsOfPod(scene, pod));
      // Why its pods failed says more than that the Job gave up.
      return ofPods.length > 0 ? ofPods : findingsOfJob(scene, job);
    }),
  ];
}

/** Whether an event is about one of the suspects. */
export function isInvolved(scene: Scene, { involvedObject: { kind, name, uid } }: CoreV1Event): boolean {
  const { running, workloads, jobs, suspectJobs } = scene;
  const suspects = [
    ...workloads.flatMap((workload) => [
      workloadObject(running, workload),
      ...(workload.kind === "Deployment" ? [newestReplicaSet(running, workload.name)] : []),
      ...newPods(running, workload),
    ]),
    ...jobs
      .filter(({ metadata }) => suspectJobs.includes(metadata?.name ?? ""))
      .flatMap((job) => [job, ...podsOf(running, job)]),
  ];
  if (uid !== undefined && suspects.some((object) => object?.metadata?.uid === uid)) return true;
  // Only events are left of a Job that is gone: its own and those of its pods.
  return suspectJobs
    .filter((job) => !jobs.some(({ metadata }) => metadata?.name === job))
    .some(
      (job) => (kind === "Job" && name === job) || (kind === "Pod" && name?.startsWith(`${job}-`) === true),
    );
}

const imageReasons = new Set(["ErrImagePull", "ImagePullBackOff", "ErrImageNeverPull", "InvalidImageName"]);
const passing = new Set(["ContainerCreating", "PodInitializing"]);
/** Reasons of the events in which the kubelet says why it has not created a pod's containers yet. */
const beforeContainers = [
  "FailedMount",
  "FailedAttachVolume",
  "FailedMapVolume",
  "FailedCreatePodSandBox",
  "FailedCreatePodContainer",
  "NetworkNotReady",
];

function findingsOfPod(scene: Scene, pod: V1Pod): Finding[] {
  if (isReady(pod) || pod.status?.phase === "Succeeded") return [];
  const about = { subject: pod.metadata?.name ?? "", uid: pod.metadata?.uid };
  const { status } = pod;
  const unscheduled = status?.conditions?.find(
    ({ type, reason }) => type === "PodScheduled" && reason === "Unschedulable",
  );
  if (unscheduled !== undefined) {
    const text = `Pending, Unschedulable: ${unscheduled.message ?? ""}${requestsOf(pod, unscheduled.message)}`;
    return [{ ...about, text, covers: ["FailedScheduling"] }];
  }
  // An evicted pod, or one whose node is lost; its containers do not show that.
  if (status?.reason !== undefined) {
    return [{ ...about, text: `${status.reason}: ${status.message ?? ""}`, covers: [status.reason] }];
  }
  const statuses = [...(status?.initContainerStatuses ?? []), ...(status?.containerStatuses ?? [])];
  const ofContainers = statuses.flatMap((one) => {
    const found = findingOfContainer(scene, pod, one);
    return found === undefined ? [] : [{ ...about, ...found }];
  });
  return ofContainers.length > 0 ? ofContainers : [{ ...about, ...findingOfWaitingPod(scene, pod) }];
}

type ContainerFinding = Pick<Finding, "text" | "container" | "covers">;

function findingOfContainer(
  scene: Scene,
  pod: V1Pod,
  status: V1ContainerStatus,
): ContainerFinding | undefined {
  const { name: container, state, lastState } = status;
  const reason = state?.waiting?.reason ?? "";
  const message = state?.waiting?.message ?? "";
  if (imageReasons.has(reason)) {
    const image = message.includes(status.image) ? "" : `image ${status.image}: `;
    return {
      text: `${reason}: container ${container}: ${image}${message}`,
      covers: ["Failed", "BackOff", "InspectFailed"],
    };
  }
  if (state?.waiting !== undefined && !passing.has(reason) && reason !== "CrashLoopBackOff") {
    return { text: `${reason}: container ${container}: ${message}`, covers: ["Failed", "InspectFailed"] };
  }
  if (status.ready) return undefined;
  const crash = state?.terminated ?? lastState?.terminated;
  if (crash !== undefined && (crash.exitCode !== 0 || reason === "CrashLoopBackOff")) {
    return crashOf(status, crash, probeOf(scene, pod, container, /^(Liveness|Startup)/));
  }
  if (state?.running === undefined || isInit(pod, container)) return undefined;
  const probe = probeOf(scene, pod, container, /./);
  return {
    text: `NotReady: container ${container}: ${probe ?? "it runs, and its readiness probe has not passed yet"}`,
    container,
    covers: ["Unhealthy"],
  };
}

/** The finding for a container that ended, whether it will be started again, just was, or never will be. */
function crashOf(
  status: V1ContainerStatus,
  crash: V1ContainerStateTerminated,
  probe: string | undefined,
): ContainerFinding {
  const { name: container, restartCount, state } = status;
  const reason = state?.waiting?.reason ?? (state?.running === undefined ? "Error" : "NotReady");
  const signal = crash.signal ? ` by signal ${crash.signal}` : "";
  // Error only says that the exit code is not 0; its message may be the end of the log, which is shown anyway.
  const known = crash.reason !== undefined && crash.reason !== "Error" && crash.reason !== "Completed";
  const why = known ? ` (${crash.reason})` : "";
  const times = restartCount === 1 ? "1 time" : `${restartCount} times`;
  const restarts = restartCount === 0 ? "" : `, started again ${times}`;
  const message = known && crash.message !== undefined ? `: ${crash.message}` : "";
  // A failing probe also ends a container, and the exit code does not show it.
  const failing = probe === undefined ? "" : `; ${probe}`;
  return {
    text: `${reason}: container ${container} ended with exit code ${crash.exitCode}${signal}${why}${restarts}${message}${failing}`,
    container,
    covers: ["BackOff", "Failed", "Unhealthy"],
  };
}

/** Returns what the kubelet last said about a container's failed probe. */
function probeOf(
  { events }: Scene,
  { metadata }: V1Pod,
  container: string,
  kind: RegExp,
): string | undefined {
  const said = events.filter(
    ({ involvedObject: { uid, fieldPath }, reason, message = "" }) =>
      uid === metadata?.uid &&
      reason === "Unhealthy" &&
      kind.test(message) &&
      (fieldPath === undefined || fieldPath.includes(`{${container}}`)),
  );
  return newestOf(said)?.message;
}

/** The finding for a pod whose containers show nothing: they do not exist yet, or the pod waits for something else. */
function findingOfWaitingPod(scene: Scene, pod: V1Pod): ContainerFinding {
  const warning = newestWarning(scene, pod, beforeContainers);
  if (warning !== undefined) {
    const { reason = "", message = "" } = warning;
    return { text: `ContainerCreating: ${reason}: ${message}`, covers: beforeContainers };
  }
  const ready = pod.status?.conditions?.find(({ type }) => type === "Ready");
  const said =
    ready?.message ?? `phase ${pod.status?.phase ?? "Unknown"} on node ${pod.spec?.nodeName ?? "none"}`;
  return { text: `NotReady: ${said}`, covers: [] };
}

/** What the containers request of a node, if the scheduler found too little of it. */
function requestsOf(pod: V1Pod, message = ""): string {
  if (!message.includes("Insufficient")) return "";
  const requests = (pod.spec?.containers ?? []).flatMap(({ name, resources }) => {
    const asked = Object.entries(resources?.requests ?? {}).map(([what, much]) => `${what} ${much}`);
    return asked.length === 0 ? [] : [`${name} ${asked.join(" and ")}`];
  });
  return ` It requests: ${requests.join("; ") || "nothing"} (charts from 1.23.0 on have requests by default).`;
}

function uncreatedPods(scene: Scene, workload: Workload): Finding[] {
  const { running } = scene;
  const about = (uid: string | undefined, reason: string, message: string) => ({
    subject: workload.name,
    text: `${reason}: ${message}`,
    uid,
    covers: [reason],
  });
  if (workload.kind !== "Deployment") {
    const set = workloadObject(running, workload);
    const warning = newestWarning(scene, set, ["FailedCreate"]);
    if (warning === undefined || newPods(running, workload).length >= wantedPods(running, workload))
      return [];
    return [about(set?.metadata?.uid, "FailedCreate", warning.message ?? "")];
  }
  const set = newestReplicaSet(running, workload.name);
  const deployment = running.deployments.find(({ metadata }) => metadata?.name === workload.name);
  return [
    ...(set?.status?.conditions ?? [])
      .filter(({ type, status }) => type === "ReplicaFailure" && status === "True")
      .map(({ reason = "FailedCreate", message = "" }) => about(set?.metadata?.uid, reason, message)),
    ...(deployment?.status?.conditions ?? [])
      .filter(({ reason }) => reason === "ReplicaSetCreateError")
      .map(({ reason = "", message = "" }) => about(deployment?.metadata?.uid, reason, message)),
  ];
}

function findingsOfJob(scene: Scene, job: V1Job): Finding[] {
  const about = { subject: `Job ${job.metadata?.name ?? ""}`, uid: job.metadata?.uid };
  const failed = (job.status?.conditions ?? [])
    .filter(({ type, status }) => type === "Failed" && status === "True")
    .map(({ reason = "Failed", message = "" }) => ({
      ...about,
      text: `${reason}: ${message}`,
      covers: [reason],
    }));
  const warning = newestWarning(scene, job, ["FailedCreate"]);
  if (warning === undefined) return failed;
  return [...failed, { ...about, text: `FailedCreate: ${warning.message ?? ""}`, covers: ["FailedCreate"] }];
}

/** Returns when an event was last seen; newer kinds of events have it in another field. */
export function lastSeen({ lastTimestamp, series, eventTime, metadata }: CoreV1Event): number {
  // The client's types say that these are dates, but those with microseconds stay text.
  const time: Date | string | null | undefined =
    lastTimestamp ?? series?.lastObservedTime ?? eventTime ?? metadata.creationTimestamp;
  return time == null ? 0 : new Date(time).getTime();
}

function newestWarning(
  { events }: Scene,
  object: { readonly metadata?: { readonly uid?: string } } | undefined,
  reasons: readonly string[],
): CoreV1Event | undefined {
  const uid = object?.metadata?.uid;
  return newestOf(
    events.filter(
      ({ involvedObject, reason }) => involvedObject.uid === uid && reasons.includes(reason ?? ""),
    ),
  );
}

/** Returns the event that was seen last; an API server lists them in no order. */
export function newestOf(events: readonly CoreV1Event[]): CoreV1Event | undefined {
  return [...events].sort((a, b) => lastSeen(b) - lastSeen(a))[0];
}

function workloadObject(running: Running, { kind, name }: Workload) {
  const all = {
    Deployment: running.deployments,
    StatefulSet: running.statefulSets,
    DaemonSet: running.daemonSets,
  };
  return all[kind].find(({ metadata }) => metadata?.name === name);
}

function wantedPods(running: Running, { kind, name }: Workload): number {
  const set = running.statefulSets.find(({ metadata }) => metadata?.name === name);
  const daemon = running.daemonSets.find(({ metadata }) => metadata?.name === name);
  return kind === "StatefulSet" ? (set?.spec?.replicas ?? 1) : (daemon?.status?.desiredNumberScheduled ?? 0);
}

function podsOf({ pods }: Running, job: V1Job): V1Pod[] {
  return pods.filter((pod) => ownerOf(pod)?.uid === job.metadata?.uid);
}

function newestFirst(pods: readonly V1Pod[]): V1Pod[] {
  const created = ({ metadata }: V1Pod) => metadata?.creationTimestamp?.getTime() ?? 0;
  return [...pods].sort((a, b) => created(b) - created(a));
}

/** An init container is never ready while it runs; a sidecar among them is judged by its crashes alone. */
function isInit(pod: V1Pod, container: string): boolean {
  return pod.spec?.initContainers?.some(({ name }) => name === container) === true;
}
