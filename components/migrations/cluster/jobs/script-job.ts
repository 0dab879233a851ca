import { BatchV1Api, type KubeConfig, type V1Job } from "../../../kubernetes-client";
import { ifFound } from "../connection";
import { followJob, removeJob, type JobWait } from "./job";

/** Whom the script runs as: nobody in particular, so that the strictest pod security admits it. */
const user = 65532;

const container = "script";

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
 */
export async function runScript(
  config: KubeConfig,
  namespace: string,
  job: ScriptJob,
  wait: JobWait,
  onLine: (line: string) => void,
): Promise<void> {
  const address = { namespace, name: job.name };
  await removeJob(config, address, wait);
  const batch = config.makeApiClient(BatchV1Api);
  await batch.createNamespacedJob({ namespace, body: objectOf(namespace, job) });
  try {
    await followJob(config, address, { container, timeoutSeconds: job.timeoutSeconds }, wait, onLine);
  } catch (error) {
    // Whatever it was doing must have ended when the error is told.
    await removeJob(config, address, wait);
    throw error;
  }
  await wait.read(() => ifFound(batch.deleteNamespacedJob({ ...address, propagationPolicy: "Background" })));
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
