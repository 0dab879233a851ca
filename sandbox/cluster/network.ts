/**
 * The bridge that the pods, Postgres and the node share. Pods get no route out of it: nothing in the sandbox talks to
 * anything but the sandbox.
 */
import { exec, tryExec } from "../exec";
import { findOnPath } from "../setup/go-tools";
import { systemPath } from "../setup/packages";
import { until } from "./until";

const env = { PATH: systemPath };

export const bridge = "bsr-sandbox";
const postgresLink = "bsr-postgres";

export interface Addresses {
  /** Pods, Postgres and the node. */
  readonly pods: string;
  readonly podsFirst: string;
  readonly podsLast: string;
  readonly prefixLength: number;
  /** The node's address, which is the bridge's own. */
  readonly node: string;
  readonly postgres: string;
  readonly services: string;
  readonly firstService: string;
}

/** The first private network of a few that the machine has no route to. */
export async function chooseAddresses(): Promise<Addresses> {
  const routes = await exec("ip", ["-4", "route", "show", "table", "all"], { env });
  for (let second = 213; second < 230; second++) {
    const net = `10.${second}`;
    if (routes.includes(` ${net}.`) || routes.includes(`\n${net}.`) || routes.startsWith(`${net}.`)) continue;
    return {
      pods: `${net}.0.0/22`,
      podsFirst: `${net}.0.16`,
      podsLast: `${net}.3.250`,
      prefixLength: 22,
      node: `${net}.0.1`,
      postgres: `${net}.0.2`,
      services: `${net}.128.0/20`,
      firstService: `${net}.128.1`,
    };
  }
  throw new Error(
    "the networks 10.213.0.0/16 to 10.229.0.0/16 are all in use; the sandbox needs one of them",
  );
}

export async function addBridge(addresses: Addresses): Promise<void> {
  // A fixed hardware address: a bridge without one takes that of a port, and changes it as pods come and go.
  await exec("ip", ["link", "add", bridge, "address", "02:62:73:72:00:01", "type", "bridge"], { env });
  await exec("ip", ["addr", "add", `${addresses.node}/${addresses.prefixLength}`, "dev", bridge], { env });
  await exec("ip", ["link", "set", bridge, "up"], { env });
}

/** Joins the network namespace of a process to the bridge, as its eth0. */
export async function joinBridge(pid: number): Promise<void> {
  const peer = ["peer", "name", "eth0", "netns", String(pid)];
  await exec("ip", ["link", "add", postgresLink, "type", "veth", ...peer], { env });
  await exec("ip", ["link", "set", postgresLink, "master", bridge, "up"], { env });
}

async function exists(link: string): Promise<boolean> {
  return (await tryExec("ip", ["link", "show", link], { env })).status === 0;
}

/** A pod's link goes when its network namespace does, shortly after its last process. */
export async function removeLinks(): Promise<void> {
  if (findOnPath("ip", systemPath) === undefined) return;
  await until("the pods' links to go", 20, async () => {
    if (await exists(postgresLink)) await tryExec("ip", ["link", "delete", postgresLink], { env });
    return (await tryExec("ip", ["-o", "link", "show", "master", bridge], { env })).stdout.trim() === "";
  });
  if (await exists(bridge)) await exec("ip", ["link", "delete", bridge], { env });
}
