import type { ServerResponse } from "node:http";
import { base64, goodPage, goodWorld, type World } from "./api-server";

/** What an API server answers to one question. */
export function answers(body: unknown, status = 200): (response: ServerResponse) => void {
  const isText = typeof body === "string";
  return (response) =>
    void response
      .writeHead(status, { "content-type": isText ? "text/plain" : "application/json" })
      .end(isText ? body : JSON.stringify(body));
}

/** A cluster whose only bufd crashes: what Kubernetes and its log say of it, and the password that it gets. */
export function crashing({
  message,
  log,
  password,
  page = goodPage,
}: {
  readonly message: string;
  readonly log: string;
  readonly password: string;
  readonly page?: object;
}): World {
  const deployment = {
    metadata: {
      name: "bufd",
      uid: "deployment",
      generation: 1,
      annotations: { "deployment.kubernetes.io/revision": "1" },
    },
    spec: { replicas: 1, selector: { matchLabels: { app: "bufd" } }, template: {} },
    status: { observedGeneration: 1, replicas: 1, updatedReplicas: 1 },
  };
  const pod = {
    metadata: {
      name: "bufd-1-a",
      uid: "pod",
      labels: { app: "bufd" },
      ownerReferences: [{ kind: "ReplicaSet", name: "bufd-1", uid: "set", controller: true }],
    },
    spec: { containers: [{ name: "bufd", image: "registry.example.com/bufd:1.12.1" }] },
    status: {
      phase: "Running",
      conditions: [{ type: "Ready", status: "False" }],
      containerStatuses: [
        {
          name: "bufd",
          image: "bufd",
          ready: false,
          restartCount: 1,
          state: { waiting: { reason: "CrashLoopBackOff", message } },
          lastState: { terminated: { exitCode: 1 } },
        },
      ],
    },
  };
  return {
    ...goodWorld,
    raw: {
      "/secrets/bufd-postgres": answers({
        kind: "Secret",
        metadata: { name: "bufd-postgres" },
        data: { password: base64(password) },
      }),
      "/log": answers(log),
      "/proxy/": answers(page),
      "/pods": answers({ kind: "PodList", items: [pod] }),
      "/deployments": answers({ kind: "DeploymentList", items: [deployment] }),
    },
  };
}
