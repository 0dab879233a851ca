import { CoreV1Api, type KubeConfig } from "@kubernetes/client-node";
import { ifFound } from "../cluster/connection";
import { missingPermissions } from "../cluster/permissions";
import type { Problem } from "./problem";

/** A Secret that nobody here makes, with the keys that the chart reads of it. */
export interface NeededSecret {
  readonly name: string;
  readonly keys: readonly string[];
}

/** What the cluster denies, asked of the cluster itself. */
export async function accessProblems(cluster: KubeConfig, namespace: string): Promise<Problem[]> {
  const missing = await missingPermissions(cluster, namespace);
  if (missing.length === 0) return [];
  return [
    {
      code: "permission-denied",
      found: `The cluster denies in the namespace ${namespace}: ${missing.join(", ")}.`,
      wanted: "The right to all that a transition does there.",
      remedy: "Let the kubeconfig's user have them by a Role and a RoleBinding, or use another context.",
    },
  ];
}

/** Secrets that the arguments name and that are not there, or lack a key. */
export async function secretProblems(
  cluster: KubeConfig,
  namespace: string,
  needed: readonly NeededSecret[],
): Promise<Problem[]> {
  const core = cluster.makeApiClient(CoreV1Api);
  const problems = await Promise.all(
    needed.map(async ({ name, keys }) => {
      const secret = await ifFound(core.readNamespacedSecret({ namespace, name }));
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
