/** The API server, the controller manager and the scheduler. */
import { randomBytes } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { request } from "node:https";
import { join } from "node:path";
import { sandboxDir } from "../paths";
import { systemPath } from "../setup/packages";
import { certificates } from "./certificates";
import type { Addresses } from "./network";
import type { Ports } from "./ports";
import { ready, start } from "./processes";

export const nodeName = "sandbox";

/** Who talks to the API server, and the groups that give each its rights. */
const identities = {
  admin: { user: "sandbox-admin", groups: "system:masters" },
  "controller-manager": { user: "system:kube-controller-manager", groups: "" },
  scheduler: { user: "system:kube-scheduler", groups: "" },
  proxy: { user: "system:kube-proxy", groups: "" },
  kubelet: { user: `system:node:${nodeName}`, groups: "system:nodes" },
} as const;

type Identity = keyof typeof identities;

export function kubeconfigOf(identity: Identity): string {
  return join(sandboxDir, identity === "admin" ? "kubeconfig" : `${identity}.kubeconfig`);
}

const tokenFile = join(sandboxDir, "tokens.csv");

/** Kubeconfigs are written as JSON, which is YAML too. */
function writeKubeconfigs(ports: Ports): void {
  const lines: string[] = [];
  for (const [name, { user, groups }] of Object.entries(identities)) {
    const token = randomBytes(24).toString("hex");
    lines.push(`${token},${user},${user},"${groups}"`);
    const cluster = {
      server: `https://127.0.0.1:${ports.api}`,
      "certificate-authority-data": readFileSync(certificates.authority).toString("base64"),
    };
    const config = {
      apiVersion: "v1",
      kind: "Config",
      clusters: [{ name: "bsr-sandbox", cluster }],
      users: [{ name: user, user: { token } }],
      contexts: [{ name: "bsr-sandbox", context: { cluster: "bsr-sandbox", user } }],
      "current-context": "bsr-sandbox",
    };
    writeFileSync(kubeconfigOf(name as Identity), JSON.stringify(config, undefined, 2), { mode: 0o600 });
  }
  writeFileSync(tokenFile, lines.join("\n") + "\n", { mode: 0o600 });
}

/** Anonymous requests may ask only whether a server is well. */
export function answersHealthy(port: number, path: string): Promise<boolean> {
  return new Promise((resolve) => {
    // The controller manager and the scheduler sign their own certificates.
    const asked = request(
      { host: "127.0.0.1", port, path, rejectUnauthorized: false, timeout: 2000 },
      (answer) => {
        answer.resume();
        resolve(answer.statusCode === 200);
      },
    );
    asked.on("timeout", () => asked.destroy());
    asked.on("error", () => {
      resolve(false);
    });
    asked.end();
  });
}

export async function startApiServer(ports: Ports, addresses: Addresses, toolPath: string): Promise<void> {
  writeKubeconfigs(ports);
  const args = [
    `--etcd-servers=http://127.0.0.1:${ports.etcd}`,
    "--bind-address=127.0.0.1",
    `--secure-port=${ports.api}`,
    `--advertise-address=${addresses.node}`,
    // The API is on loopback, out of the pods' reach.
    "--endpoint-reconciler-type=none",
    `--service-cluster-ip-range=${addresses.services}`,
    `--tls-cert-file=${certificates.server}`,
    `--tls-private-key-file=${certificates.serverKey}`,
    `--client-ca-file=${certificates.authority}`,
    `--token-auth-file=${tokenFile}`,
    "--authorization-mode=Node,RBAC",
    "--enable-admission-plugins=NodeRestriction",
    "--service-account-issuer=https://kubernetes.default.svc",
    `--service-account-key-file=${certificates.accounts}`,
    `--service-account-signing-key-file=${certificates.accountsKey}`,
    `--kubelet-client-certificate=${certificates.client}`,
    `--kubelet-client-key=${certificates.clientKey}`,
    // The node's name resolves nowhere.
    "--kubelet-preferred-address-types=InternalIP",
    "--allow-privileged=true",
    "--profiling=false",
  ];
  const server = start("kube-apiserver", "kube-apiserver", args, { PATH: `${toolPath}:${systemPath}` });
  await ready(server, "the API server to be ready", () => answersHealthy(ports.api, "/readyz"));
}

export async function startControllers(ports: Ports, toolPath: string): Promise<void> {
  const env = { PATH: `${toolPath}:${systemPath}` };
  const manager = start(
    "kube-controller-manager",
    "kube-controller-manager",
    [
      `--kubeconfig=${kubeconfigOf("controller-manager")}`,
      "--bind-address=127.0.0.1",
      `--secure-port=${ports.controllerManager}`,
      "--leader-elect=false",
      "--use-service-account-credentials=true",
      `--service-account-private-key-file=${certificates.accountsKey}`,
      `--root-ca-file=${certificates.authority}`,
      // It would make its usual folder below /usr.
      `--flex-volume-plugin-dir=${join(sandboxDir, "flex-volumes")}`,
      // A claim that meets its volume too early, or while it is being written, waits for the next of these.
      "--pvclaimbinder-sync-period=1s",
      "--profiling=false",
    ],
    env,
  );
  const scheduler = start(
    "kube-scheduler",
    "kube-scheduler",
    [
      `--kubeconfig=${kubeconfigOf("scheduler")}`,
      "--bind-address=127.0.0.1",
      `--secure-port=${ports.scheduler}`,
      "--leader-elect=false",
      "--profiling=false",
    ],
    env,
  );
  await ready(manager, "the controller manager", () => answersHealthy(ports.controllerManager, "/healthz"));
  await ready(scheduler, "the scheduler", () => answersHealthy(ports.scheduler, "/healthz"));
}
