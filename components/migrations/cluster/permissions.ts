import {
  AuthorizationV1Api,
  CoreV1Api,
  type KubeConfig,
  type V1ResourceAttributes,
} from "../../kubernetes-client";
import { statusOf } from "./connection";

/** The namespace that identifies the cluster. */
const kubeSystem: V1ResourceAttributes = {
  verb: "get",
  resource: "namespaces",
  namespace: "kube-system",
  name: "kube-system",
};

/** What observation, steps, Secrets and Helm's storage need in the namespace of an instance. */
const needed: readonly V1ResourceAttributes[] = [
  { verb: "get", resource: "namespaces" },
  ...["get", "list", "create", "update", "patch", "delete"].map((verb) => ({ verb, resource: "secrets" })),
  ...["get", "create", "update"].map((verb) => ({ verb, resource: "configmaps" })),
  ...["get", "create", "update"].map((verb) => ({
    verb,
    group: "coordination.k8s.io",
    resource: "leases",
  })),
  ...["deployments", "replicasets", "statefulsets", "daemonsets"].map((resource) => ({
    verb: "list",
    group: "apps",
    resource,
  })),
  { verb: "list", resource: "pods" },
  { verb: "delete", resource: "pods" },
  { verb: "get", resource: "pods", subresource: "proxy" },
  { verb: "get", resource: "pods", subresource: "log" },
];

/** The kinds of work that Jobs in the cluster do. */
export type JobWork = "snapshots" | "migrateDown";

/** What such Jobs need in addition. */
const neededFor: Readonly<Record<JobWork, readonly V1ResourceAttributes[]>> = {
  snapshots: [
    ...["get", "create", "delete"].map((verb) => ({ verb, group: "batch", resource: "jobs" })),
    ...["get", "create"].map((verb) => ({ verb, resource: "persistentvolumeclaims" })),
    ...["deployments", "statefulsets"].map((resource) => ({ verb: "patch", group: "apps", resource })),
  ],
  migrateDown: [
    ...["get", "create", "patch", "delete"].map((verb) => ({ verb, group: "batch", resource: "jobs" })),
    ...["get", "create"].map((verb) => ({ verb, resource: "serviceaccounts" })),
  ],
};

/** Returns the needed permissions that the cluster denies, as `verb resource`. */
export async function missingPermissions(
  config: KubeConfig,
  namespace: string,
  work: readonly JobWork[],
): Promise<string[]> {
  const api = config.makeApiClient(AuthorizationV1Api);
  const asked = [
    ...((await namespaceIsMissing(config, namespace)) ? [{ verb: "create", resource: "namespaces" }] : []),
    ...[...needed, ...work.flatMap((one) => neededFor[one])].map((attributes) => ({
      ...attributes,
      namespace,
    })),
    kubeSystem,
  ];
  const denied = await Promise.all(
    asked.map(async (resourceAttributes) => {
      const { status } = await api.createSelfSubjectAccessReview({ body: { spec: { resourceAttributes } } });
      return status?.allowed === true ? [] : [describe(resourceAttributes)];
    }),
  );
  return denied.flat();
}

/** Whether the namespace is missing; a user who may not read it cannot know, and it counts as existing. */
async function namespaceIsMissing(config: KubeConfig, name: string): Promise<boolean> {
  try {
    await config.makeApiClient(CoreV1Api).readNamespace({ name });
    return false;
  } catch (error) {
    if (statusOf(error) === 404) return true;
    if (statusOf(error) === 403) return false;
    throw error;
  }
}

function describe({ verb, group, resource, subresource, name }: V1ResourceAttributes): string {
  const path = subresource === undefined ? resource : `${resource}/${subresource}`;
  return `${verb} ${group === undefined ? "" : `${group}/`}${path}${name === undefined ? "" : ` ${name}`}`;
}
