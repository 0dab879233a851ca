import { CoreV1Api, type KubeConfig, type V1Job, type V1Pod } from "../../../kubernetes-client";
import { newestOf } from "./findings";
import { Patience } from "./patience";
import { troublesOfPod, type Trouble } from "./rollout";

/** What keeps a pod for so long does not pass by itself. */
const startMilliseconds = 120_000;
/** The kubelet's words for a volume that cannot be made, as what is to be in it is not there. */
const missingSource = /(secret|configmap) "[^"]+" not found/i;

/** Tells a Job's pod that will not start from one that may yet, over the time of one wait. */
export class PodStart {
  readonly #patience = new Patience();
  readonly #began = Date.now();
  /** What kept the pod at the last look; empty where nothing did. */
  waitsFor = "";

  /** Why the pod will not start by waiting longer; nothing while it may. Asked at every look. */
  async hopeless(config: KubeConfig, job: V1Job, pod: V1Pod | undefined): Promise<string | undefined> {
    const troubles = hasStarted(pod) ? [] : await troublesOf(config, job, pod);
    // At its deadline a Job ends its pod first.
    if (pod !== undefined || troubles.length > 0) this.waitsFor = troubles.map(told).join("; ");
    if (hasStarted(pod)) return undefined;
    const [lost] = this.#patience.lostWith(troubles.filter(isLasting));
    if (lost !== undefined) return told(lost);
    // Room may come, as a cluster's autoscaler takes minutes, and so may an image that is large.
    const mayCome = pod !== undefined && troubles.every(({ reason }) => reason === "Unschedulable");
    if (mayCome || Date.now() - this.#began < startMilliseconds) return undefined;
    return this.waitsFor || "the cluster makes none, and gives no reason";
  }
}

/** A pod with a container that waits is Pending until every container has run once. */
function hasStarted(pod: V1Pod | undefined): boolean {
  return pod?.status?.phase !== undefined && pod.status.phase !== "Pending";
}

/** A volume may take a while to be attached; one of a Secret that is gone never comes. */
function isLasting({ reason, message }: Trouble): boolean {
  return !reason.startsWith("Failed") || missingSource.test(message);
}

async function troublesOf(config: KubeConfig, job: V1Job, pod: V1Pod | undefined): Promise<Trouble[]> {
  const troubles = pod === undefined ? [] : troublesOfPod(pod, "");
  if (troubles.length > 0) return troubles;
  // Of a pod that cannot be made and of its volumes only events tell; a login that may not read them is told less.
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
