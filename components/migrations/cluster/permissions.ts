import {
  AuthorizationV1Api,
  CoreV1Api,
  type KubeConfig,
  type V1ResourceAttributes,
} from "@kubernetes/client-node";
import { ifFound } from "./connection";

/** What observation, steps and Helm's storage need in the namespace of an instance. */
const needed: readonly V1ResourceAttributes[] = [
  ...["get", "list", "create", "update", "delete"].map((verb) => ({ verb, resource: "secrets" })),
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

/** The permissions that the cluster denies, as `verb resource`. */
export async function missingPermissions(config: KubeConfig, namespace: string): Promise<string[]> {
  const api = config.makeApiClient(AuthorizationV1Api);
  const isThere = await ifFound(config.makeApiClient(CoreV1Api).readNamespace({ name: namespace }));
  const toMake: V1ResourceAttributes[] =
    isThere === undefined ? [{ verb: "create", resource: "namespaces" }] : [];
  const denied = await Promise.all(
    [...toMake, ...needed].map(async (attributes) => {
      const { status } = await api.createSelfSubjectAccessReview({
        body: { spec: { resourceAttributes: { ...attributes, namespace } } },
      });
      return status?.allowed === true ? [] : [describe(attributes)];
    }),
  );
  return denied.flat();
}

function describe({ verb, group, resource, subresource }: V1ResourceAttributes): string {
  const path = subresource === undefined ? resource : `${resource}/${subresource}`;
  return `${verb} ${group === undefined ? "" : `${group}/`}${path}`;
}
