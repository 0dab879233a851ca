import { CoreV1Api, type KubeConfig, type V1Secret } from "../../kubernetes-client";
import { ifFound, statusOf } from "../cluster/connection";
import { missingPermissions, type JobWork } from "../cluster/permissions";
import { madeHere } from "./made-here";
import type { Problem } from "./problem";

/** A Secret that the component does not make, with the keys that the chart reads from it. */
export interface NeededSecret {
  readonly name: string;
  readonly keys: readonly string[];
}

/** Asks the cluster which needed rights it denies. */
export async function accessProblems(
  cluster: KubeConfig,
  namespace: string,
  work: readonly JobWork[],
): Promise<Problem[]> {
  const missing = await missingPermissions(cluster, namespace, work);
  if (missing.length === 0) return [];
  return [
    {
      code: "permission-denied",
      found: `The cluster denies rights in the namespace ${namespace}: ${missing.join(", ")}.`,
      wanted: "The right to everything that a transition does there.",
      remedy:
        "Give these rights to the kubeconfig's user with a Role and a RoleBinding (kube-system needs its own; creating a namespace needs a ClusterRole), or use another context.",
    },
  ];
}

/** Refuses Secrets that the component would make and that somebody else has already made. */
export async function takenSecrets(
  cluster: KubeConfig,
  namespace: string,
  made: readonly string[],
): Promise<Problem[]> {
  const core = cluster.makeApiClient(CoreV1Api);
  const problems = await Promise.all(
    made.map(async (name) => {
      const secret = await read(core, namespace, name);
      if (secret === "denied" || secret === undefined) return [];
      if (isMadeHere(secret)) return [];
      return [
        {
          code: "secret-exists",
          found: `The namespace ${namespace} already has a Secret ${name}, and the component did not make it.`,
          wanted: `No Secret ${name}, as the component makes it from the arguments.`,
          remedy:
            "To use the existing one, give its name instead of the secret itself, or leave the argument out. To let " +
            `the component make it, delete it first: kubectl delete secret ${name} -n ${namespace}.`,
        },
      ];
    }),
  );
  return problems.flat();
}

/** Refuses Secrets that the arguments name and that do not exist, lack a key, or would be deleted. */
export async function secretProblems(
  cluster: KubeConfig,
  namespace: string,
  needed: readonly NeededSecret[],
): Promise<Problem[]> {
  const core = cluster.makeApiClient(CoreV1Api);
  const problems = await Promise.all(
    needed.map(async ({ name, keys }) => {
      const secret = await read(core, namespace, name);
      if (secret === "denied") return [];
      if (secret !== undefined && isMadeHere(secret)) {
        return [
          {
            code: "secret-goes",
            found: `The Secret ${name} in the namespace ${namespace} was made by the component, which deletes it now that its argument is gone.`,
            wanted: `A Secret ${name} that stays, as the arguments say.`,
            remedy: "Keep the secret itself as an argument, or name a Secret of your own with another name.",
          },
        ];
      }
      const lacking = keys.filter((key) => secret?.data?.[key] === undefined);
      if (lacking.length === 0) return [];
      return [
        {
          code: "secret-missing",
          found:
            secret === undefined
              ? `There is no Secret ${name} in the namespace ${namespace}.`
              : `The Secret ${name} in the namespace ${namespace} lacks ${lacking.join(", ")}.`,
          wanted: `A Secret ${name} with ${keys.join(", ")}, as the arguments say.`,
          remedy: `Make it (kubectl create secret -n ${namespace}), or give the secret itself as an argument.`,
        },
      ];
    }),
  );
  return problems.flat();
}

function isMadeHere({ metadata }: V1Secret): boolean {
  return Object.entries(madeHere).every(([key, value]) => metadata?.labels?.[key] === value);
}

/** Reads a Secret. One that may not be read is reported elsewhere, as a missing permission. */
async function read(core: CoreV1Api, namespace: string, name: string) {
  try {
    return await ifFound(core.readNamespacedSecret({ namespace, name }));
  } catch (error) {
    if (statusOf(error) === 403) return "denied";
    throw error;
  }
}
