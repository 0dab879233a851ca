import { BatchV1Api, CoreV1Api, type KubeConfig, type V1Job, type V1Pod } from "@kubernetes/client-node";
import { ifFound } from "./connection";

/** Whom the script runs as: nobody in particular, so that the strictest pod security admits it. */
const user = 65532;
const pollMilliseconds = 500;
/** A pod that has not started by then will not: its image, its volume or its node is missing. */
const startMilliseconds = 120_000;

/** A shell script that runs once inside the cluster. */
export interface ScriptJob {
  readonly name: string;
  readonly image: string;
  readonly script: string;
  readonly env: Readonly<Record<string, string>>;
  /** Variables out of Secrets; absent where the Secret or its key is. */
  readonly secretEnv: Readonly<Record<string, { readonly secret: string; readonly key: string }>>;
  readonly pullSecrets: readonly string[];
  /** The volume claim mounted at a path. */
  readonly volume: { readonly claim: string; readonly path: string };
  readonly timeoutSeconds: number;
}

/** What a Job needs of the step that runs it. */
export interface JobWatch {
  /** Gets every line that the script writes. */
  readonly onLine: (line: string) => void;
  /** Asks the cluster, again while it does not answer. */
  readonly read: <T>(ask: () => Promise<T>) => Promise<T>;
  readonly pause: (milliseconds: number) => Promise<void>;
}

/** The script ended with an error, or its pod never ran. */
export class JobError extends Error {}

/**
 * Runs a script as a Job and takes the Job away again. One of the same name is left from a run that died: it goes
 * first, so that two never work at once.
 */
export async function runJob(
  config: KubeConfig,
  namespace: string,
  job: ScriptJob,
  { onLine, read, pause }: JobWatch,
): Promise<void> {
  const batch = config.makeApiClient(BatchV1Api);
  const address = { namespace, name: job.name };
  await removeJob(config, address, { read, pause });
  await batch.createNamespacedJob({ namespace, body: objectOf(namespace, job) });
  try {
    await follow();
  } catch (error) {
    // Whatever it was doing must have ended when the error is told.
    await removeJob(config, address, { read, pause });
    throw error;
  }
  await read(() => ifFound(batch.deleteNamespacedJob({ ...address, propagationPolicy: "Background" })));

  async function follow(): Promise<void> {
    const began = Date.now();
    let told = 0;
    for (;;) {
      const { status } = await read(() => batch.readNamespacedJob({ namespace, name: job.name }));
      const pod = await read(() => podOf(config, namespace, job.name));
      const lines = pod === undefined ? [] : await logOf(config, namespace, pod);
      const isOver = (status?.succeeded ?? 0) > 0 || status?.conditions?.some(isFailure) === true;
      // The last line may be half written while the script runs.
      const whole = isOver ? lines.length : Math.max(0, lines.length - 1);
      lines.slice(told, whole).forEach(onLine);
      told = Math.max(told, whole);
      if ((status?.succeeded ?? 0) > 0) return;
      if (isOver) throw new JobError(failureOf(status, lines, job));
      if (pod?.status?.phase !== "Running" && Date.now() - began > startMilliseconds) {
        throw new JobError(`its pod did not start: ${waitingReason(pod)}`);
      }
      await pause(pollMilliseconds);
    }
  }
}

/** Ends a Job, and waits until its pod is gone. */
export async function removeJob(
  config: KubeConfig,
  address: { readonly namespace: string; readonly name: string },
  { read, pause }: Omit<JobWatch, "onLine">,
): Promise<void> {
  const batch = config.makeApiClient(BatchV1Api);
  await read(() => ifFound(batch.deleteNamespacedJob({ ...address, propagationPolicy: "Foreground" })));
  while ((await read(() => ifFound(batch.readNamespacedJob(address)))) !== undefined) {
    await pause(pollMilliseconds);
  }
}

async function podOf(config: KubeConfig, namespace: string, job: string): Promise<V1Pod | undefined> {
  const core = config.makeApiClient(CoreV1Api);
  const pods = await core.listNamespacedPod({
    namespace,
    labelSelector: `batch.kubernetes.io/job-name=${job}`,
  });
  return pods.items.find(({ metadata }) => metadata?.deletionTimestamp === undefined);
}

async function logOf(config: KubeConfig, namespace: string, pod: V1Pod): Promise<string[]> {
  const name = pod.metadata?.name ?? "";
  const log = await config
    .makeApiClient(CoreV1Api)
    .readNamespacedPodLog({ namespace, name })
    .catch(() => ""); // none before the container has started
  return log === "" ? [] : log.replace(/\n$/, "").split("\n");
}

function isFailure({ type, status }: { readonly type: string; readonly status: string }): boolean {
  return type === "Failed" && status === "True";
}

function failureOf(status: V1Job["status"], lines: readonly string[], { timeoutSeconds }: ScriptJob): string {
  const condition = status?.conditions?.find(isFailure);
  if (condition?.reason === "DeadlineExceeded") return `it was not done within ${timeoutSeconds} s`;
  const said = lines.slice(-5).join("; ");
  return said === "" ? (condition?.message ?? "its pod failed") : said;
}

function waitingReason(pod: V1Pod | undefined): string {
  const waiting = pod?.status?.containerStatuses?.[0]?.state?.waiting;
  const scheduled = pod?.status?.conditions?.find(
    ({ type, status }) => type === "PodScheduled" && status === "False",
  );
  const { reason, message } = waiting ?? scheduled ?? {};
  return [reason, message].filter((part) => part !== undefined).join(": ") || "the cluster gives no reason";
}

function objectOf(namespace: string, job: ScriptJob): V1Job {
  const { name, image, script, env, secretEnv, pullSecrets, volume, timeoutSeconds } = job;
  const labels = { "app.kubernetes.io/managed-by": "pulumi-bsr", "app.kubernetes.io/name": name };
  return {
    metadata: { name, namespace, labels },
    spec: {
      backoffLimit: 0,
      activeDeadlineSeconds: Math.ceil(timeoutSeconds),
      template: {
        metadata: { labels },
        spec: {
          restartPolicy: "Never",
          terminationGracePeriodSeconds: 5,
          automountServiceAccountToken: false,
          imagePullSecrets: pullSecrets.map((secret) => ({ name: secret })),
          securityContext: {
            runAsNonRoot: true,
            runAsUser: user,
            runAsGroup: user,
            fsGroup: user,
            fsGroupChangePolicy: "OnRootMismatch",
            seccompProfile: { type: "RuntimeDefault" },
          },
          containers: [
            {
              name: "script",
              image,
              command: ["/bin/sh", "-c", script],
              env: [
                ...Object.entries(env).map(([key, value]) => ({ name: key, value })),
                ...Object.entries(secretEnv).map(([key, { secret, key: at }]) => ({
                  name: key,
                  valueFrom: { secretKeyRef: { name: secret, key: at, optional: true } },
                })),
              ],
              securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ["ALL"] } },
              volumeMounts: [{ name: "volume", mountPath: volume.path }],
            },
          ],
          volumes: [{ name: "volume", persistentVolumeClaim: { claimName: volume.claim } }],
        },
      },
    },
  };
}
