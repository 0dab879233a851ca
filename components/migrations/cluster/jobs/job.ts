import { BatchV1Api, CoreV1Api, type KubeConfig, type V1Job, type V1Pod } from "../../../kubernetes-client";
import { ifFound } from "../connection";
import { PodStart } from "../pods/pod-start";

const pollMilliseconds = 500;

/** How whoever runs a Job waits for it. */
export interface JobWait {
  /** Asks the cluster, again while it does not answer. */
  read<T>(ask: () => Promise<T>): Promise<T>;
  pause(milliseconds: number): Promise<void>;
}

/** The work ended with an error, or its pod never ran. */
export class JobError extends Error {}

/** A Job's place. */
export interface JobAddress {
  readonly namespace: string;
  readonly name: string;
}

/**
 * Watches a Job until its container has ended, and hands on every line that it writes. What runs beside it, such as a
 * mesh's proxy, may go on for ever.
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
  const batch = config.makeApiClient(BatchV1Api);
  const start = new PodStart();
  let told = 0;
  for (;;) {
    const job = await wait.read(() => ifFound(batch.readNamespacedJob(address)));
    if (job === undefined) throw new JobError("its Job was deleted while it ran");
    const { status } = job;
    const pod = await wait.read(() => podOf(config, address));
    const lines = pod === undefined ? [] : await logOf(config, address.namespace, pod, container);
    const ended = pod?.status?.containerStatuses?.find(({ name }) => name === container)?.state?.terminated;
    const exitCode = ended?.exitCode;
    const hasSucceeded = exitCode === 0 || (status?.succeeded ?? 0) > 0;
    const isOver = hasSucceeded || exitCode !== undefined || status?.conditions?.some(isFailure) === true;
    // The last line may be half written while the work goes on.
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

/** Whether a Job's container runs now: one that still waits has begun nothing, and one that has ended will not go on. */
export async function isAtWork(config: KubeConfig, address: JobAddress, container: string): Promise<boolean> {
  const pod = await podOf(config, address);
  const status = pod?.status?.containerStatuses?.find(({ name }) => name === container);
  return status?.state?.running !== undefined;
}

/** Ends a Job, and waits until its pod is gone. */
export async function removeJob(config: KubeConfig, address: JobAddress, wait: JobWait): Promise<void> {
  const batch = config.makeApiClient(BatchV1Api);
  await wait.read(() => ifFound(batch.deleteNamespacedJob({ ...address, propagationPolicy: "Foreground" })));
  while ((await wait.read(() => ifFound(batch.readNamespacedJob(address)))) !== undefined) {
    await wait.pause(pollMilliseconds);
  }
}

async function podOf(config: KubeConfig, { namespace, name }: JobAddress): Promise<V1Pod | undefined> {
  const core = config.makeApiClient(CoreV1Api);
  const pods = await core.listNamespacedPod({
    namespace,
    labelSelector: `batch.kubernetes.io/job-name=${name}`,
  });
  return pods.items.find(({ metadata }) => metadata?.deletionTimestamp === undefined);
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

function isFailure({ type, status }: { readonly type: string; readonly status: string }): boolean {
  return type === "Failed" && status === "True";
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
  // The Job's own words for it, a back-off limit, lead nowhere.
  if (pod === undefined && condition?.reason === "BackoffLimitExceeded")
    return "its pod was deleted while it ran";
  const said = lines.slice(-5).join("; ");
  return said === "" ? (kubelet ?? condition?.message ?? "its pod failed") : said;
}
