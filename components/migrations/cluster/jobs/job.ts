import { BatchV1Api, CoreV1Api, type KubeConfig, type V1Job, type V1Pod } from "../../../kubernetes-client";
import { ifFound, statusOf } from "../connection";
import { describeLeft, endWithinMilliseconds, forceDeletion } from "../pods/left";
import { PodStart } from "../pods/pod-start";

const pollMilliseconds = 500;
/** A deleted Job is usually gone by then, so nothing is reported before. */
const quietMilliseconds = 5000;

/** How the caller waits for a Job. */
export interface JobWait {
  readonly elapsedMilliseconds: number;
  /** Asks the cluster, and asks again while it does not answer. */
  read<T>(ask: () => Promise<T>): Promise<T>;
  pause(milliseconds: number): Promise<void>;
  /** Says what is waited for, if that is new or was last said long ago. */
  tell(line: string): void;
}

/** The work ended with an error, or its pod never ran. */
export class JobError extends Error {}

/** A Job that should have ended may still be at work, so nothing may be started after it. */
export class JobLeftError extends Error {
  constructor(
    what: string,
    readonly remedy: string,
  ) {
    super(what);
  }
}

/** A Job's place. */
export interface JobAddress {
  readonly namespace: string;
  readonly name: string;
  /** The UID of exactly this Job, to exclude a later one of the same name. */
  readonly uid?: string | undefined;
}

/** Names a Job after its release and what it does, no longer than a pod's label may be. */
export function jobName(release: string, what: string): string {
  return `${release.slice(0, 62 - what.length)}-${what}`;
}

/**
 * Watches a Job until its container has ended, and passes on every line that it writes. Other containers, such as a
 * mesh's proxy, may run for ever.
 *
 * @throws JobError when it fails
 */
export async function followJob(
  config: KubeConfig,
  address: JobAddress,
  { container, timeoutSeconds }: { readonly container: string; readonly timeoutSeconds: number },
  wait: JobWait,
  onLine: (line: string) => void,
): Promise<void> {
  const start = new PodStart();
  let told = 0;
  for (;;) {
    const job = await wait.read(() => readJob(config, address));
    if (job === undefined) throw new JobError("its Job was deleted while it ran");
    const { status } = job;
    const pod = await wait.read(() => podOf(config, address));
    const lines = pod === undefined ? [] : await logOf(config, address.namespace, pod, container);
    const ended = pod?.status?.containerStatuses?.find(({ name }) => name === container)?.state?.terminated;
    const exitCode = ended?.exitCode;
    const hasSucceeded = exitCode === 0 || (status?.succeeded ?? 0) > 0;
    const isOver = hasSucceeded || exitCode !== undefined || status?.conditions?.some(isFailure) === true;
    // While the work continues, the last line may be incomplete.
    const whole = isOver ? lines.length : Math.max(0, lines.length - 1);
    lines.slice(told, whole).forEach(onLine);
    told = Math.max(told, whole);
    if (hasSucceeded) return;
    if (isOver) {
      const why = failureOf(status, pod, lines, ended?.message, timeoutSeconds);
      throw new JobError(start.waitsFor === "" ? why : `${why}; its pod did not start: ${start.waitsFor}`);
    }
    const hopeless = await start.hopeless(config, job, pod);
    if (hopeless !== undefined) throw new JobError(`its pod did not start: ${hopeless}`);
    await wait.pause(pollMilliseconds);
  }
}

/** Whether a Job's container runs now: a waiting one has done nothing yet, and one that has ended does no more. */
export async function isAtWork(config: KubeConfig, address: JobAddress, container: string): Promise<boolean> {
  const pod = await podOf(config, address);
  const status = pod?.status?.containerStatuses?.find(({ name }) => name === container);
  return status?.state?.running !== undefined;
}

/** Reads the Job of a name; with a UID, not a later Job of the same name. */
export async function readJob(
  config: KubeConfig,
  { namespace, name, uid }: JobAddress,
): Promise<V1Job | undefined> {
  const job = await ifFound(config.makeApiClient(BatchV1Api).readNamespacedJob({ namespace, name }));
  return uid === undefined || job?.metadata?.uid === uid ? job : undefined;
}

/** Deletes a Job that has ended, without waiting for its pod to go. */
export function forgetJob(config: KubeConfig, address: JobAddress, wait: JobWait): Promise<void> {
  return wait.read(() => deleteJob(config, address, "Background"));
}

/**
 * Deletes a Job, and waits until its pod is gone.
 *
 * @throws JobLeftError when the pod does not go, for example because its node is lost
 */
export async function removeJob(config: KubeConfig, address: JobAddress, wait: JobWait): Promise<void> {
  const found = await wait.read(() => readJob(config, address));
  if (found === undefined) return;
  const job = { ...address, uid: found.metadata?.uid };
  await wait.read(() => deleteJob(config, job, "Foreground"));
  const began = wait.elapsedMilliseconds;
  while ((await wait.read(() => readJob(config, job))) !== undefined) {
    const pods = await wait.read(() => podsOf(config, job));
    const waited = wait.elapsedMilliseconds - began;
    if (waited > endWithinMilliseconds(pods)) throw leftError(job, pods);
    if (waited > quietMilliseconds)
      wait.tell(`Job ${job.name}: ended, waiting for ${pods.length === 0 ? "it to go" : describeLeft(pods)}`);
    await wait.pause(pollMilliseconds);
  }
}

function leftError({ namespace, name }: JobAddress, pods: readonly V1Pod[]): JobLeftError {
  return pods.length === 0
    ? new JobLeftError(
        `Job ${name} no longer has a pod, and does not go`,
        `see what holds it: kubectl get job ${name} -n ${namespace} -o yaml names its finalizers`,
      )
    : new JobLeftError(
        `Job ${name}: its pod does not end: ${describeLeft(pods)}`,
        forceDeletion(namespace, pods),
      );
}

/** Deletes a Job. If another Job has its name by now, the precondition fails, and that one is left alone. */
async function deleteJob(
  config: KubeConfig,
  { namespace, name, uid }: JobAddress,
  propagationPolicy: "Foreground" | "Background",
): Promise<void> {
  const batch = config.makeApiClient(BatchV1Api);
  // All in the body: the API server reads no options of the query beside one, and would leave a Job's pod behind.
  const body = { propagationPolicy, ...(uid === undefined ? {} : { preconditions: { uid } }) };
  try {
    await ifFound(batch.deleteNamespacedJob({ namespace, name, body }));
  } catch (error) {
    if (uid === undefined || statusOf(error) !== 409) throw error;
  }
}

async function podOf(config: KubeConfig, address: JobAddress): Promise<V1Pod | undefined> {
  const pods = await podsOf(config, address);
  return pods.find(({ metadata }) => metadata?.deletionTimestamp === undefined);
}

async function podsOf(config: KubeConfig, { namespace, name, uid }: JobAddress): Promise<V1Pod[]> {
  const { items } = await config
    .makeApiClient(CoreV1Api)
    .listNamespacedPod({ namespace, labelSelector: `batch.kubernetes.io/job-name=${name}` });
  const isOwn = ({ metadata }: V1Pod) =>
    metadata?.ownerReferences?.some((owner) => owner.uid === uid) === true;
  return uid === undefined ? items : items.filter(isOwn);
}

async function logOf(
  config: KubeConfig,
  namespace: string,
  pod: V1Pod,
  container: string,
): Promise<string[]> {
  const name = pod.metadata?.name ?? "";
  const log = await config
    .makeApiClient(CoreV1Api)
    .readNamespacedPodLog({ namespace, name, container })
    .catch(() => ""); // none before the container has started
  return log === "" ? [] : log.replace(/\n$/, "").split("\n");
}

/** Whether the Job has failed, or will once its pod has ended; the pod of a lost node never ends. */
function isFailure({ type, status }: { readonly type: string; readonly status: string }): boolean {
  return (type === "Failed" || type === "FailureTarget") && status === "True";
}

function failureOf(
  status: V1Job["status"],
  pod: V1Pod | undefined,
  lines: readonly string[],
  kubelet: string | undefined,
  timeoutSeconds: number,
): string {
  const condition = status?.conditions?.find(isFailure);
  if (condition?.reason === "DeadlineExceeded") return `it was not done within ${timeoutSeconds} s`;
  // The Job's own message, a back-off limit, does not help.
  if (pod === undefined && condition?.reason === "BackoffLimitExceeded")
    return "its pod was deleted while it ran";
  const said = lines.slice(-5).join("; ");
  return said === "" ? (kubelet ?? condition?.message ?? "its pod failed") : said;
}
