import type { IncomingMessage, ServerResponse } from "node:http";
import { gzipSync } from "node:zlib";
import type { V1Lease, V1Secret } from "@kubernetes/client-node";
import { emptyRecord, recordName } from "../../components/migrations/cluster/record/record";
import { LocalServer } from "../local-server";

export const instance = {
  namespace: "bsr",
  release: "bsr",
  database: "postgres.example.com:5432/bsr",
} as const;

/** What a Helm revision holds, as Helm writes it; a test spoils a part. */
export function payload(version = "1.12.1", revision = 1): Record<string, unknown> {
  return {
    name: instance.release,
    namespace: instance.namespace,
    version: revision,
    info: { status: "deployed", description: `transition 1: deploy ${version}` },
    chart: { metadata: { name: "bsr", version } },
    config: { postgres: { host: "postgres.example.com", database: "bsr" } },
    manifest: manifestOf("bufd"),
    hooks: [],
  };
}

/** The manifest of one Deployment that runs bufd. */
export function manifestOf(name: string): string {
  return `---
apiVersion: apps/v1
kind: Deployment
metadata: { name: ${name} }
spec:
  selector: { matchLabels: { app: ${name} } }
  template: { spec: { containers: [{ name: bufd, image: "registry.example.com/bufd:1.12.1" }] } }
`;
}

/** As Helm stores it, inside the base64 of the API. */
export function stored(text: string): string {
  return base64(gzipSync(text).toString("base64"));
}

export function base64(text: string): string {
  return Buffer.from(text).toString("base64");
}

export function helmSecret(release: string | undefined, revision = 1, status = "deployed"): V1Secret {
  return {
    apiVersion: "v1",
    kind: "Secret",
    metadata: {
      name: `sh.helm.release.v1.${instance.release}.v${revision}`,
      namespace: instance.namespace,
      resourceVersion: "1",
      labels: { owner: "helm", name: instance.release, version: String(revision), status },
    },
    ...(release === undefined ? {} : { data: { release } }),
  };
}

/** The record of an instance whose only deploy was verified. */
export const goodRecord = {
  ...emptyRecord,
  transition: 1,
  lineage: 1,
  highWaterMark: "1.12.1",
  schemaOwner: "1.12.1",
  verified: { version: "1.12.1", revision: 1, at: "2026-01-01T00:00:00.000Z" },
};

const healthy = (name: string, message = "") => ({ name, status: "healthy", message });

export const goodPage = {
  overall_status: "healthy",
  results: [healthy("migrations", "current: 300, target: 300"), healthy("version", "bsr version: 1.12.1")],
};

/** What the cluster has. Every part may be what it should not be. */
export interface World {
  readonly secrets: readonly unknown[];
  /** The record's text; none where there is no ConfigMap. */
  readonly record?: string | undefined;
  readonly lease?: V1Lease | undefined;
  /** The status page of bufd's pod: its text, or an answer of its own that may never end. */
  readonly page: string | ((response: ServerResponse) => void);
  /** Answers of the API server itself, by a part of the path; before all else. */
  readonly raw: Readonly<Record<string, (response: ServerResponse, request: IncomingMessage) => void>>;
}

export const goodWorld: World = {
  secrets: [helmSecret(stored(JSON.stringify(payload())))],
  record: JSON.stringify(goodRecord),
  page: JSON.stringify(goodPage),
  raw: {},
};

/** A Kubernetes API server that answers what a test wants; asked over real HTTP by the product's own client. */
export class ApiServer {
  world: World = goodWorld;
  readonly #server = new LocalServer((request, response) => this.#answer(request, response));

  start(): Promise<void> {
    return this.#server.start();
  }

  stop(): Promise<void> {
    return this.#server.stop();
  }

  /** A kubeconfig whose credentials no message may repeat. */
  kubeconfig(token: string): string {
    return this.#server.kubeconfig({ token });
  }

  #answer(request: IncomingMessage, response: ServerResponse): void {
    const url = new URL(request.url ?? "/", "http://localhost");
    const path = decodeURIComponent(url.pathname);
    const raw = Object.entries(this.world.raw).find(([part]) => path.includes(part));
    if (raw !== undefined) return raw[1](response, request);
    if (path.includes("/proxy/")) return this.#page(response);
    // All Helm releases but the instance's: it has the namespace for itself.
    if (url.searchParams.get("labelSelector")?.includes("name!=") === true)
      return json(response, 200, { kind: "SecretList", items: [] });
    const object = this.#object(path);
    if (request.method !== "GET") {
      request.resume();
      return json(response, 201, { status: { allowed: true }, metadata: { resourceVersion: "2" }, spec: {} });
    }
    if (object === undefined) return json(response, 404, { kind: "Status", code: 404, message: "not found" });
    json(response, 200, object);
  }

  #page(response: ServerResponse): void {
    const { page } = this.world;
    if (typeof page === "function") return page(response);
    response.writeHead(200, { "content-type": "application/json" }).end(page);
  }

  #object(path: string): object | undefined {
    const { secrets, record, lease } = this.world;
    const last = path.split("/").at(-1) ?? "";
    switch (last) {
      case "kube-system":
        return { metadata: { name: last, uid: "uid-of-kube-system" } };
      case instance.namespace:
        return { metadata: { name: last } };
      case "secrets":
        return { kind: "SecretList", items: secrets };
      case "deployments":
        return { items: [deployment] };
      case "replicasets":
        return { items: [replicaSet] };
      case "pods":
        return { items: [pod] };
      case "configmaps":
      case "statefulsets":
      case "daemonsets":
      case "jobs":
      case "events":
        return { items: [] };
      case recordName(instance):
        return record === undefined
          ? undefined
          : { metadata: { name: last, namespace: instance.namespace }, data: { record } };
      case `${instance.release}-transition`:
        return lease;
    }
    return secrets.find((secret): secret is V1Secret => (secret as V1Secret | null)?.metadata?.name === last);
  }
}

function json(response: ServerResponse, status: number, body: object): void {
  const text = JSON.stringify({ kind: "Object", ...body });
  response.writeHead(status, { "content-type": "application/json" }).end(text);
}

const labels = { app: "bufd" };
const template = {
  metadata: { labels },
  spec: { containers: [{ name: "bufd", image: "registry.example.com/bufd:1.12.1" }] },
};
const revision = { "deployment.kubernetes.io/revision": "1" };
const deployment = {
  metadata: { name: "bufd", uid: "deployment", generation: 1, annotations: revision },
  spec: { replicas: 1, selector: { matchLabels: labels }, template },
  status: { observedGeneration: 1, replicas: 1, updatedReplicas: 1, readyReplicas: 1, availableReplicas: 1 },
};
const replicaSet = {
  metadata: {
    name: "bufd-1",
    uid: "set",
    annotations: revision,
    ownerReferences: [{ kind: "Deployment", name: "bufd", uid: "deployment", controller: true }],
  },
  spec: { selector: { matchLabels: labels }, template },
};
const pod = {
  metadata: {
    name: "bufd-1-a",
    uid: "pod",
    labels,
    ownerReferences: [{ kind: "ReplicaSet", name: "bufd-1", uid: "set", controller: true }],
  },
  spec: template.spec,
  status: { phase: "Running", conditions: [{ type: "Ready", status: "True" }] },
};
