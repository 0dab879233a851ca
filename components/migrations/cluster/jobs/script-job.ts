import { BatchV1Api, type KubeConfig, type V1Job } from "../../../kubernetes-client";
import { reasonOf } from "../connection";
import { followJob, forgetJob, JobLeftError, removeJob, type JobAddress, type JobWait } from "./job";

/** Whom the script runs as: nobody in particular, so that the strictest pod security admits it. */
const user = 65532;

const container = "script";

/** One that nobody has taken away, as its run died, goes by itself: some have a name that no other run has. */
const keptSeconds = 3600;

/** A shell script that runs once inside the cluster. */
export interface ScriptJob {
  readonly name: string;
  readonly image: string;
  readonly script: string;
  readonly env: Readonly<Record<string, string>>;
  /** Variables out of Secrets; absent where the Secret or its key is. */
  readonly secretEnv: Readonly<Record<string, { readonly secret: string; readonly key: string }>>;
  readonly pullSecrets: readonly string[];
  /** The volume claim mounted at a path; `null` for none. */
  readonly volume: { readonly claim: string; readonly path: string } | null;
  readonly timeoutSeconds: number;
}

/**
 * Runs a script as a Job and takes the Job away again. One of the same name is left from a run that died: it goes
 * first, so that two never work at once.
 *
 * @throws JobError when it fails
 * @throws JobLeftError when that one, or the own one after it has failed, cannot be ended
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
    // A run that has taken the lease since may have a Job of the same name at work.
    address = { ...address, uid: created.metadata?.uid };
    await followJob(config, address, { container, timeoutSeconds: job.timeoutSeconds }, wait, onLine);
  } catch (error) {
    await endFailed(config, address, wait);
    throw error;
  }
  await forgetJob(config, address, wait);
}

/** Whatever it was doing must have ended when its error is told. */
async function endFailed(config: KubeConfig, address: JobAddress, wait: JobWait): Promise<void> {
  try {
    await removeJob(config, address, wait);
  } catch (error) {
    if (error instanceof JobLeftError) throw error;
    throw new JobLeftError(
      `Job ${address.name} has failed, and could not be ended: ${reasonOf(error)}`,
      `see that it is over: kubectl get job ${address.name} -n ${address.namespace}`,
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
