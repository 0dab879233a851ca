import { CoreV1Api, type KubeConfig, type V1Job, type V1Pod } from "../../../kubernetes-client";
import { newestOf } from "./findings";
import { Patience } from "./patience";
import { troublesOfPod, type Trouble } from "./rollout";

/** Trouble that keeps a pod from starting for this long does not pass. */
const startMilliseconds = 120_000;
/** What the kubelet says of a volume whose Secret or ConfigMap does not exist. */
const missingSource = /(secret|configmap) "[^"]+" not found/i;

/** Distinguishes a Job's pod that will not start from one that still may, over the time of one wait. */
export class PodStart {
  readonly #patience = new Patience();
  readonly #began = Date.now();
  /** What kept the pod from starting at the last look; empty if nothing did. */
  waitsFor = "";

  /** Says why waiting longer will not start the pod; nothing while it may. Call it at every look. */
  async hopeless(config: KubeConfig, job: V1Job, pod: V1Pod | undefined): Promise<string | undefined> {
    const troubles = hasStarted(pod) ? [] : await troublesOf(config, job, pod);
    // At its deadline, a Job ends its pod first.
    if (pod !== undefined || troubles.length > 0) this.waitsFor = troubles.map(told).join("; ");
    if (hasStarted(pod)) return undefined;
    const [lost] = this.#patience.lostWith(troubles.filter(isLasting));
    if (lost !== undefined) return told(lost);
    // The cluster may grow, as an autoscaler takes minutes, and a large image may still arrive.
    const mayCome = pod !== undefined && troubles.every(({ reason }) => reason === "Unschedulable");
    if (mayCome || Date.now() - this.#began < startMilliseconds) return undefined;
    return this.waitsFor || "the cluster does not create it, and gives no reason";
  }
}

/** A pod with a waiting container is Pending until every container has run once. */
function hasStarted(pod: V1Pod | undefined): boolean {
  return pod?.status?.phase !== undefined && pod.status.phase !== "Pending";
}

/** Attaching a volume may take a while; a volume whose Secret is gone never comes. */
function isLasting({ reason, message }: Trouble): boolean {
  return !reason.startsWith("Failed") || missingSource.test(message);
}

async function troublesOf(config: KubeConfig, job: V1Job, pod: V1Pod | undefined): Promise<Trouble[]> {
  const troubles = pod === undefined ? [] : troublesOfPod(pod, "");
  if (troubles.length > 0) return troubles;
  // Only events explain a pod that cannot be created, and its volumes; a user who may not read them learns less.
  const { namespace = "", name: subject = "", uid } = (pod ?? job).metadata ?? {};
  const { items } = await config
    .makeApiClient(CoreV1Api)
    .listNamespacedEvent({ namespace, fieldSelector: `type=Warning,involvedObject.uid=${uid}` })
    .catch(() => ({ items: [] }));
  const failed = newestOf(items.filter(({ reason }) => reason?.startsWith("Failed")));
  if (failed === undefined) return [];
  const { reason = "", message = "" } = failed;
  return [{ subject, workload: "", reason, message, restarts: 0 }];
}

function told({ reason, message }: Trouble): string {
  return [reason, message].filter((part) => part !== "").join(": ");
}
