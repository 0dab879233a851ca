/** Starts and ends the cluster, the registry and Postgres, and leaves nothing of them on the machine. */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { checkout, logDir, runDir, sandboxDir } from "../paths";
import { say, seconds } from "../say";
import { makeCertificates } from "./certificates";
import { removeControlGroups } from "./control-groups";
import { answersHealthy, kubeconfigOf, startApiServer, startControllers } from "./control-plane";
import { startEtcd } from "./etcd";
import { keepKernelSettings, restoreKernelSettings } from "./kernel-settings";
import { addBridge, chooseAddresses, removeLinks } from "./network";
import { removePlaces, startNode, startProxy } from "./node";
import { kubernetesRules, removeKubernetesRules } from "./packet-filter";
import { choosePorts } from "./ports";
import { postgresPort, postgresSockets, startPostgres } from "./postgres";
import { endAll, runs, started } from "./processes";
import { startRegistry } from "./registry";

/** What a client of the cluster has to know. */
export interface Cluster {
  readonly kubeconfig: string;
  readonly registry: string;
  /** Where NodePorts answer. */
  readonly node: string;
  readonly postgres: {
    /** As pods reach it. */
    readonly host: string;
    readonly port: number;
    readonly password: string;
    /** As this machine reaches it: a host, or the folder of a unix socket. */
    readonly fromHere: string;
    readonly portFromHere: number;
  };
}

const ownerFile = join(runDir, "owner");
const clusterFile = join(runDir, "cluster.json");

/** The checkout whose sandbox runs on this machine, or was killed on it. */
export function owner(): string | undefined {
  return existsSync(ownerFile) ? readFileSync(ownerFile, "utf8").trim() : undefined;
}

/** The cluster of this checkout, when all of it runs. */
export async function running(): Promise<Cluster | undefined> {
  if (owner() !== checkout || !existsSync(clusterFile)) return undefined;
  if (!started().every(runs)) return undefined;
  const { apiPort, ...cluster } = JSON.parse(readFileSync(clusterFile, "utf8")) as Cluster & {
    apiPort: number;
  };
  const intact = existsSync(cluster.kubeconfig) && (await answersHealthy(apiPort, "/readyz"));
  return intact ? cluster : undefined;
}

/**
 * One sandbox at a time: NodePorts of two clusters would need two sets of Kubernetes' iptables rules in the same tables,
 * and each kube-proxy removes what it does not know.
 */
async function claimMachine(): Promise<void> {
  const other = owner();
  if (other !== undefined && other !== checkout && existsSync(other) && started().some(runs)) {
    throw new Error(
      `the sandbox of another checkout runs on this machine, and there can be one at a time.\nEnd it with: make -C ${other} sandbox-down`,
    );
  }
  if (other !== undefined) {
    say("clearing up after a sandbox that was not ended");
    await clear();
  }
  const rules = await kubernetesRules();
  if (rules.length > 0) {
    throw new Error(
      `another Kubernetes runs on this machine: it has ${rules.length} iptables rules (iptables-save | grep KUBE-), which the ` +
        "sandbox's own would overwrite.\nUse that cluster through SANDBOX_KUBECONFIG (docs/sandbox.md), or another machine.",
    );
  }
  mkdirSync(runDir, { recursive: true, mode: 0o755 });
  writeFileSync(ownerFile, checkout);
}

/** Starts all of it. `toolPath` is where the Kubernetes programs lie. */
export async function startCluster(toolPath: string): Promise<Cluster> {
  await claimMachine();
  removeData();
  mkdirSync(sandboxDir, { recursive: true });
  try {
    return await startServers(toolPath);
  } catch (error) {
    await clear();
    removeData();
    throw error;
  }
}

async function startServers(toolPath: string): Promise<Cluster> {
  keepKernelSettings();
  const ports = await choosePorts();
  const addresses = await chooseAddresses();
  await addBridge(addresses);
  const timed = async <T>(what: string, work: Promise<T>): Promise<T> => {
    const from = Date.now();
    const result = await work;
    say(`${what} ready after ${seconds(from)}`);
    return result;
  };
  const kubernetes = async () => {
    await Promise.all([startEtcd(ports), makeCertificates(addresses)]);
    await timed("API server", startApiServer(ports, addresses, toolPath));
    await timed(
      "node",
      Promise.all([
        startControllers(ports, toolPath),
        startNode(addresses, toolPath),
        startProxy(ports, addresses, toolPath),
      ]),
    );
  };
  const work = [
    kubernetes(),
    timed("registry", startRegistry(ports)),
    timed("Postgres", startPostgres(addresses)),
  ] as const;
  // All must have settled before an error is passed on: what is still being started could not be ended.
  await Promise.allSettled(work);
  const [, , password] = await Promise.all(work);
  const cluster: Cluster = {
    kubeconfig: kubeconfigOf("admin"),
    registry: `127.0.0.1:${ports.registry}`,
    node: "127.0.0.1",
    postgres: {
      host: addresses.postgres,
      port: postgresPort,
      password,
      fromHere: postgresSockets,
      portFromHere: postgresPort,
    },
  };
  writeFileSync(clusterFile, JSON.stringify({ ...cluster, apiPort: ports.api }));
  return cluster;
}

/** Ends the sandbox of this checkout. */
export async function stopCluster(): Promise<void> {
  const other = owner();
  if (other !== undefined && other !== checkout && existsSync(other)) {
    say(`the sandbox that runs belongs to ${other}; leaving it alone`);
  } else if (other !== undefined) {
    await clear();
  }
  removeData();
}

/** Ends every process and takes back what was changed on the machine. Works after any part of a start. */
async function clear(): Promise<void> {
  await endAll();
  await removeLinks();
  await removeKubernetesRules();
  await removeControlGroups();
  restoreKernelSettings();
  removePlaces();
  rmSync(runDir, { recursive: true, force: true });
}

/** The logs stay, for a look at why a sandbox failed. */
function removeData(): void {
  if (!existsSync(sandboxDir)) return;
  for (const name of readdirSync(sandboxDir)) {
    const path = join(sandboxDir, name);
    if (path !== logDir) rmSync(path, { recursive: true, force: true });
  }
}
