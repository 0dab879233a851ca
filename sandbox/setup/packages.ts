/**
 * Debian packages that the cluster runs. Only what is missing is installed, and what is installed is neither started
 * nor set to start with the machine: the sandbox runs its own servers.
 */
import { chmodSync, existsSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { exec, tryExec } from "../exec";
import { say, seconds } from "../say";
import { findOnPath } from "./go-tools";

interface Package {
  readonly name: string;
  readonly present: () => boolean;
  /** Services that Debian would start. */
  readonly services?: readonly string[];
}

/** Debian keeps system programs where the PATH of a person may not look. */
export const systemPath = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

const onPath = (name: string) => () => findOnPath(name, systemPath) !== undefined;

/** Debian's folder of a Postgres that is recent enough, the newest first. */
export function postgresBin(): string | undefined {
  const root = "/usr/lib/postgresql";
  if (!existsSync(root)) return undefined;
  return readdirSync(root)
    .filter((version) => Number(version) >= 13 && existsSync(join(root, version, "bin", "initdb")))
    .sort((a, b) => Number(b) - Number(a))
    .map((version) => join(root, version, "bin"))[0];
}

/** It goes into an image that has no libraries. */
export function staticBusybox(): boolean {
  const file = findOnPath("busybox", systemPath);
  return file !== undefined && !readFileSync(file).includes("/ld-linux");
}

const packages: readonly Package[] = [
  { name: "etcd-server", present: onPath("etcd"), services: ["etcd"] },
  { name: "containerd", present: onPath("containerd"), services: ["containerd"] },
  { name: "runc", present: onPath("runc") },
  { name: "containernetworking-plugins", present: () => existsSync("/usr/lib/cni/bridge") },
  { name: "iptables", present: onPath("iptables-restore") },
  { name: "conntrack", present: onPath("conntrack") },
  { name: "ethtool", present: onPath("ethtool") },
  { name: "socat", present: onPath("socat") },
  { name: "iproute2", present: onPath("ip") },
  { name: "openssl", present: onPath("openssl") },
  { name: "busybox-static", present: staticBusybox },
  { name: "docker-registry", present: onPath("docker-registry"), services: ["docker-registry"] },
  { name: "postgresql-15", present: () => postgresBin() !== undefined, services: ["postgresql"] },
];

export function missingPackages(): readonly string[] {
  return packages.filter(({ present }) => !present()).map(({ name }) => name);
}

const policyFile = "/usr/sbin/policy-rc.d";
const policyAside = `${policyFile}.before-pulumi-bsr`;

const policy = "#!/bin/sh\n# Of the sandbox of pulumi-bsr, while it installs packages.\nexit 101\n";

/** Debian asks this program whether a service may be started when its package is installed. */
function forbidServices(): void {
  // After an installation that was killed, ours is still there.
  const ours = existsSync(policyFile) && readFileSync(policyFile, "utf8") === policy;
  if (existsSync(policyFile) && !ours) renameSync(policyFile, policyAside);
  writeFileSync(policyFile, policy);
  chmodSync(policyFile, 0o755);
}

function allowServicesAgain(): void {
  rmSync(policyFile, { force: true });
  if (existsSync(policyAside)) renameSync(policyAside, policyFile);
}

/** True when there was something to install. */
export async function installPackages(): Promise<boolean> {
  const missing = packages.filter(({ present }) => !present());
  if (missing.length === 0) return false;
  const started = Date.now();
  const names = missing.map(({ name }) => name);
  say(`installing ${names.length} Debian packages: ${names.join(" ")}`);
  const env = { ...process.env, PATH: systemPath, DEBIAN_FRONTEND: "noninteractive" };
  const apt = ["-o", "DPkg::Lock::Timeout=300", "-qq"];
  await exec("apt-get", [...apt, "update"], { env });
  forbidServices();
  try {
    await exec("apt-get", [...apt, "install", "-y", "--no-install-recommends", ...names], {
      env,
      timeoutSeconds: 1200,
    });
  } finally {
    allowServicesAgain();
  }
  const services = missing.flatMap((item) => item.services ?? []);
  // Where no systemd is installed nothing starts with the machine.
  if (findOnPath("systemctl", systemPath) !== undefined)
    await tryExec("systemctl", ["disable", ...services], { env });
  const absent = missingPackages();
  if (absent.length > 0)
    throw new Error(`apt-get installed ${names.join(" ")}, yet missing are: ${absent.join(" ")}`);
  say(`installed them in ${seconds(started)}`);
  return true;
}
