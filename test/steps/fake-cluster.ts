import type { IncomingMessage, ServerResponse } from "node:http";
import { text } from "node:stream/consumers";
import type { V1Job, V1Pod } from "@kubernetes/client-node";
import { connect } from "../../components/migrations/cluster/connection";
import { LocalServer } from "../local-server";

export interface Kept {
  kind?: string;
  metadata: {
    name: string;
    uid?: string;
    labels?: Record<string, string>;
    annotations?: Record<string, string>;
    deletionTimestamp?: string;
    ownerReferences?: readonly object[];
    resourceVersion?: string;
  };
  [part: string]: unknown;
}

interface Operation {
  readonly op: "add" | "remove" | "replace";
  readonly path: string;
  readonly value?: unknown;
}

interface DeleteOptions {
  readonly propagationPolicy?: string;
  readonly preconditions?: { readonly uid?: string };
}

interface Asked {
  readonly method: string;
  readonly path: string;
  readonly body: unknown;
}

/**
 * A Kubernetes API server that keeps objects, asked over real HTTP by the product's own client. It knows UIDs, resource
 * versions, JSON patches and preconditions, and no controller: what those would do, a test does.
 */
export class FakeCluster {
  readonly objects = new Map<string, Kept>();
  readonly logs = new Map<string, string>();
  /** What was asked, such as `DELETE jobs/bsr-snapshot`. */
  readonly asked: string[] = [];
  /** Objects that do not go, by the end of their path, as their node is lost. */
  readonly held = new Set<string>();
  /** Does what a controller or somebody else does once a request was answered. */
  after: (asked: Asked) => void = () => undefined;
  /** What a pod's port answers, whatever is asked of it. */
  portAnswers = 200;
  portSays = "of the pod";
  /** Answers before all else; a status that is refused. */
  refuses: (asked: Asked) => number | undefined = () => undefined;
  #made = 0;
  readonly #server = new LocalServer((request, response) => void this.#answer(request, response));

  start(): Promise<void> {
    return this.#server.start();
  }

  stop(): Promise<void> {
    return this.#server.stop();
  }

  get kubeconfig(): string {
    return this.#server.kubeconfig();
  }

  get client() {
    return connect({ kubeconfig: this.kubeconfig });
  }

  /** Puts an object there; its path ends in its collection, such as `apis/batch/v1/namespaces/bsr/jobs`. */
  keep<T extends object>(collection: string, object: T): T & Kept {
    const given = object as unknown as Kept;
    this.#made += 1;
    const metadata = { uid: `uid-${this.#made}`, ...given.metadata, resourceVersion: String(this.#made) };
    const kept = { ...given, metadata };
    this.objects.set(`/${collection}/${metadata.name}`, kept);
    return kept as T & Kept;
  }

  /** The object whose path ends so, such as `jobs/bsr-snapshot`. */
  find(end: string): Kept | undefined {
    return [...this.objects].find(([path]) => path.endsWith(`/${end}`))?.[1];
  }

  drop(end: string): void {
    for (const path of [...this.objects.keys()].filter((one) => one.endsWith(`/${end}`)))
      this.objects.delete(path);
  }

  /** The pod of a Job, which has ended with what it wrote. */
  endsJob(name: string, exitCode: number, log: string): void {
    const job = this.find(`jobs/${name}`) as unknown as V1Job & Kept;
    this.#pod(job, { state: { terminated: { exitCode } } });
    this.logs.set(`pods/${name}-pod`, log);
  }

  /** The pod of a Job, which runs. */
  runsJob(name: string, log = ""): void {
    this.#pod(this.find(`jobs/${name}`) as unknown as V1Job & Kept, { state: { running: {} } });
    this.logs.set(`pods/${name}-pod`, log);
  }

  #pod(job: V1Job & Kept, status: object): void {
    const { name, uid } = job.metadata;
    const container = job.spec?.template.spec?.containers[0]?.name ?? "script";
    const pod: V1Pod = {
      metadata: {
        name: `${name}-pod`,
        labels: { "batch.kubernetes.io/job-name": name },
        ownerReferences: [{ apiVersion: "batch/v1", kind: "Job", name, uid: uid ?? "", controller: true }],
      },
      spec: { nodeName: "node-1", containers: [], terminationGracePeriodSeconds: 5 },
      status: { phase: "Running", containerStatuses: [{ name: container, ...status } as never] },
    };
    this.keep("api/v1/namespaces/bsr/pods", pod);
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? "/", "http://localhost");
    const body = await text(request);
    const asked = {
      method: request.method ?? "",
      path: decodeURIComponent(url.pathname),
      body: body === "" ? undefined : (JSON.parse(body) as unknown),
    };
    this.asked.push(`${asked.method} ${asked.path.split("/").slice(-2).join("/")}`);
    const status = this.refuses(asked);
    if (status !== undefined) return refuse(response, status);
    this.#serve(asked, url.searchParams, response);
    this.after(asked);
  }

  #serve({ method, path, body }: Asked, query: URLSearchParams, response: ServerResponse): void {
    if (path.includes("/proxy")) {
      response.writeHead(this.portAnswers, { "content-type": "text/plain" }).end(this.portSays);
      return;
    }
    if (path.endsWith("/log")) {
      response
        .writeHead(200, { "content-type": "text/plain" })
        .end(this.logs.get(path.split("/").slice(-3, -1).join("/")) ?? "");
      return;
    }
    const found = this.objects.get(path);
    switch (method) {
      case "POST": {
        const object = body as Kept;
        if (this.objects.has(`${path}/${object.metadata.name}`)) return refuse(response, 409);
        return send(response, 201, this.keep(path.slice(1), object));
      }
      case "GET":
        if (found !== undefined) return send(response, 200, found);
        return isCollection(path) ? this.#list(path, query, response) : refuse(response, 404);
    }
    if (found === undefined) return refuse(response, 404);
    switch (method) {
      case "PUT": {
        const object = body as Kept;
        const { resourceVersion } = object.metadata;
        if (resourceVersion !== undefined && resourceVersion !== found.metadata.resourceVersion)
          return refuse(response, 409);
        return send(response, 200, this.keep(path.split("/").slice(1, -1).join("/"), object));
      }
      case "PATCH": {
        const patched = (body as Operation[]).reduce(patch, structuredClone(found));
        return send(response, 200, this.keep(path.split("/").slice(1, -1).join("/"), patched));
      }
      case "DELETE": {
        const options = (body ?? {}) as DeleteOptions;
        const { preconditions } = options;
        if (preconditions?.uid !== undefined && preconditions.uid !== found.metadata.uid)
          return refuse(response, 409);
        // Options in a body make those of the query void; and a Job without a policy leaves its pod behind.
        const { propagationPolicy }: DeleteOptions =
          Object.keys(options).length > 0 ? options : Object.fromEntries(query);
        this.#delete(path, propagationPolicy !== undefined || !path.includes("/jobs/"));
        return send(response, 200, {});
      }
    }
    refuse(response, 405);
  }

  #delete(path: string, withDependents = true): void {
    const found = this.objects.get(path);
    if (found === undefined) return;
    if ([...this.held].some((end) => path.endsWith(end))) {
      found.metadata.deletionTimestamp = "2026-01-01T00:00:00Z";
    } else this.objects.delete(path);
    if (!withDependents) return;
    const { uid } = found.metadata;
    for (const [other, { metadata }] of this.objects)
      if (metadata.ownerReferences?.some((owner) => (owner as { uid: string }).uid === uid) === true)
        this.#delete(other);
  }

  #list(path: string, query: URLSearchParams, response: ServerResponse): void {
    const asked = (query.get("labelSelector") ?? "").split(",").filter((part) => part !== "");
    const items = [...this.objects]
      .filter(([one]) => one.startsWith(`${path}/`))
      .map(([, object]) => object)
      .filter(({ metadata }) =>
        asked.every((part) => {
          const [key = "", value] = part.split("=");
          return metadata.labels?.[key] === value;
        }),
      );
    send(response, 200, { kind: "SomeList", items });
  }
}

function isCollection(path: string): boolean {
  return /s$/.test(path.split("/").at(-1) ?? "") && /\/(namespaces\/[^/]+)\/[a-z]+$/.test(path);
}

function patch(object: Kept, { op, path, value }: Operation): Kept {
  const parts = path
    .split("/")
    .slice(1)
    .map((part) => part.replaceAll("~1", "/").replaceAll("~0", "~"));
  const last = parts.pop() ?? "";
  const parent = parts.reduce<Record<string, unknown>>(
    (part, key) => part[key] as Record<string, unknown>,
    object,
  );
  if (parent === undefined) throw new Error(`nothing is at ${path}`);
  if (op === "remove") delete parent[last];
  else parent[last] = value;
  return object;
}

function send(response: ServerResponse, status: number, object: object): void {
  response.writeHead(status, { "content-type": "application/json" });
  response.end(JSON.stringify({ kind: "Some", ...object }));
}

function refuse(response: ServerResponse, code: number): void {
  send(response, code, { kind: "Status", code, message: `refused with ${code}` });
}
