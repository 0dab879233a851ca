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

const managed = ["get", "create", "update", "patch", "delete"];
const listed = ["get", "list", "create", "update", "patch", "delete"];

/**
 * What every transition needs in the namespace of an instance: observation, steps, Secrets, Helm's storage, and the
 * objects that every chart has. docs/rbac/role.yaml has also what only some charts need.
 */
const needed: readonly V1ResourceAttributes[] = [
  ...rights("", ["namespaces"], ["get"]),
  ...rights("", ["secrets", "configmaps"], listed),
  ...rights("coordination.k8s.io", ["leases"], ["get", "create", "update"]),
  ...rights("", ["pods"], ["list", "delete"]),
  ...rights("", ["pods/proxy", "pods/log"], ["get"]),
  ...rights("", ["events"], ["list"]),
  ...rights("apps", ["deployments"], listed),
  ...rights("apps", ["statefulsets", "replicasets", "daemonsets"], ["list"]),
  ...rights("", ["services", "serviceaccounts"], managed),
];

/** The kinds of work that Jobs in the cluster do. */
export type JobWork = "snapshots" | "migrateDown";

/** What such Jobs need in addition. */
const neededFor: Readonly<Record<JobWork, readonly V1ResourceAttributes[]>> = {
  snapshots: [
    ...rights("batch", ["jobs"], ["get", "create", "delete"]),
    ...rights("", ["persistentvolumeclaims"], ["get", "create"]),
    ...rights("apps", ["statefulsets"], ["patch"]),
  ],
  migrateDown: rights("batch", ["jobs"], ["get", "create", "patch", "delete"]),
};

/** Every verb on every resource; a subresource follows its resource after a slash. */
function rights(
  group: string,
  resources: readonly string[],
  verbs: readonly string[],
): V1ResourceAttributes[] {
  return resources.flatMap((path) => {
    const [resource = "", subresource] = path.split("/");
    return verbs.map((verb) => ({
      verb,
      group,
      resource,
      ...(subresource === undefined ? {} : { subresource }),
    }));
  });
}

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
  // Two kinds of work need some of the same rights.
  const once = new Map(asked.map((attributes) => [describe(attributes), attributes]));
  const denied = await Promise.all(
    [...once].map(async ([right, resourceAttributes]) => {
      const { status } = await api.createSelfSubjectAccessReview({ body: { spec: { resourceAttributes } } });
      return status?.allowed === true ? [] : [right];
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

function describe({ verb, group = "", resource, subresource, name }: V1ResourceAttributes): string {
  const path = subresource === undefined ? resource : `${resource}/${subresource}`;
  return `${verb} ${group === "" ? "" : `${group}/`}${path}${name === undefined ? "" : ` ${name}`}`;
}
