import { BatchV1Api, type KubeConfig, type V1Job } from "../../../kubernetes-client";
import { reasonOf } from "../connection";
import { followJob, forgetJob, JobLeftError, removeJob, type JobAddress, type JobWait } from "./job";

/** The user that the script runs as: an unprivileged one, which the strictest pod security admits. */
const user = 65532;

const container = "script";

/** How long a Job is kept whose run died; no later run deletes one with a name of its own. */
const keptSeconds = 3600;

/** A shell script that runs once inside the cluster. */
export interface ScriptJob {
  readonly name: string;
  readonly image: string;
  readonly script: string;
  readonly env: Readonly<Record<string, string>>;
  /** Variables from Secrets; unset if the Secret or its key does not exist. */
  readonly secretEnv: Readonly<Record<string, { readonly secret: string; readonly key: string }>>;
  readonly pullSecrets: readonly string[];
  /** The volume claim mounted at a path; `null` for none. */
  readonly volume: { readonly claim: string; readonly path: string } | null;
  readonly timeoutSeconds: number;
}

/**
 * Runs a script as a Job, and deletes the Job afterwards. An existing Job of the same name is left from a run that died.
 * It is deleted first, so that two never work at once.
 *
 * @throws JobError when it fails
 * @throws JobLeftError when the earlier Job, or this one after it has failed, cannot be ended
 */
export async function runScript(
  config: KubeConfig,
  namespace: string,
  job: ScriptJob,
  wait: JobWait,
  onLine: (line: string) => void,
): Promise<void> {
  let address: JobAddress = { namespace, name: job.name };
  await removeJob(config, address, wait);
  const batch = config.makeApiClient(BatchV1Api);
  try {
    const created = await batch.createNamespacedJob({ namespace, body: objectOf(namespace, job) });
    // A run that has taken the lease meanwhile may have a Job of the same name at work.
    address = { ...address, uid: created.metadata?.uid };
    await followJob(config, address, { container, timeoutSeconds: job.timeoutSeconds }, wait, onLine);
  } catch (error) {
    await endFailed(config, address, wait);
    throw error;
  }
  await forgetJob(config, address, wait);
}

/** Ends a failed Job: its error is reported only when nothing of it is at work any more. */
async function endFailed(config: KubeConfig, address: JobAddress, wait: JobWait): Promise<void> {
  try {
    await removeJob(config, address, wait);
  } catch (error) {
    if (error instanceof JobLeftError) throw error;
    throw new JobLeftError(
      `Job ${address.name} has failed, and could not be ended: ${reasonOf(error)}`,
      `check that it has ended: kubectl get job ${address.name} -n ${address.namespace}`,
    );
  }
}

function objectOf(namespace: string, job: ScriptJob): V1Job {
  const { name, image, script, env, secretEnv, pullSecrets, volume, timeoutSeconds } = job;
  const labels = { "app.kubernetes.io/managed-by": "pulumi-bsr", "app.kubernetes.io/name": name };
  return {
    metadata: { name, namespace, labels },
    spec: {
      backoffLimit: 0,
      activeDeadlineSeconds: Math.ceil(timeoutSeconds),
      ttlSecondsAfterFinished: keptSeconds,
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
              name: container,
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
              volumeMounts: volume === null ? [] : [{ name: "volume", mountPath: volume.path }],
            },
          ],
          volumes:
            volume === null ? [] : [{ name: "volume", persistentVolumeClaim: { claimName: volume.claim } }],
        },
      },
    },
  };
}
