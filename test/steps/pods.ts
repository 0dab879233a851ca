import type { V1Deployment, V1LabelSelector, V1Pod, V1ReplicaSet } from "@kubernetes/client-node";
import type { Running, Workload } from "../../components/migrations/cluster/pods/workloads";

/**
 * A namespace as the API server tells of it, with one Deployment `bufd` of two replicas that is rolled out
 * completely. A test changes what it is about.
 */
export function rolledOut(): Running {
  return {
    deployments: [deployment()],
    replicaSets: [replicaSet("old", "1"), replicaSet("new", "2")],
    statefulSets: [],
    daemonSets: [],
    pods: [pod("new-1", "new"), pod("new-2", "new")],
  };
}

export const bufd: Workload = {
  kind: "Deployment",
  name: "bufd",
  selector: { matchLabels: { app: "bufd" } },
};

export function deployment({
  status = {},
  spec = {},
}: {
  readonly status?: V1Deployment["status"];
  readonly spec?: Partial<V1Deployment["spec"]>;
} = {}): V1Deployment {
  return {
    metadata: {
      name: "bufd",
      uid: "uid-of-bufd",
      generation: 5,
      annotations: { "deployment.kubernetes.io/revision": "2" },
    },
    spec: { replicas: 2, selector: {}, template: {}, ...spec },
    status: { observedGeneration: 5, replicas: 2, updatedReplicas: 2, availableReplicas: 2, ...status },
  };
}

export function replicaSet(name: string, revision: string, owner = "uid-of-bufd"): V1ReplicaSet {
  return {
    metadata: {
      name,
      uid: `uid-of-${name}`,
      annotations: { "deployment.kubernetes.io/revision": revision },
      ownerReferences: [
        { apiVersion: "apps/v1", kind: "Deployment", name: "bufd", uid: owner, controller: true },
      ],
    },
  };
}

/** A pod of a controller; `owner` is its name, of which the UID is made. */
export function pod(
  name: string,
  owner: string | null,
  {
    kind = "ReplicaSet",
    labels = { app: "bufd" },
    terminating = false,
    ready = true,
    status = {},
  }: {
    readonly kind?: string;
    readonly labels?: Record<string, string>;
    readonly terminating?: boolean;
    readonly ready?: boolean;
    readonly status?: V1Pod["status"];
  } = {},
): V1Pod {
  return {
    metadata: {
      name,
      uid: `uid-of-${name}`,
      labels,
      ...(terminating ? { deletionTimestamp: new Date(0) } : {}),
      ...(owner === null
        ? {}
        : {
            ownerReferences: [
              { apiVersion: "apps/v1", kind, name: owner, uid: `uid-of-${owner}`, controller: true },
            ],
          }),
    },
    // The same image in every pod: who is old is told by owners.
    spec: { containers: [{ name: "bufd", image: "mirror.example.com/bufd@sha256:1" }], nodeName: "node-1" },
    status: {
      phase: "Running",
      conditions: [{ type: "Ready", status: ready ? "True" : "False" }],
      ...status,
    },
  };
}

export function named(
  name: string,
  selector: V1LabelSelector,
  kind: Workload["kind"] = "Deployment",
): Workload {
  return { kind, name, selector };
}
