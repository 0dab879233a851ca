/** What a machine needs to run the sandbox itself. Everything that is missing is told at once. */
import { accessSync, constants } from "node:fs";
import { tryExec } from "../exec";
import { findOnPath, type FoundTools } from "./go-tools";
import { missingPackages, systemPath } from "./packages";

const insteadOf = `What to do instead: use a cluster of your own, with a registry that it can pull from:
  SANDBOX_KUBECONFIG=<file> SANDBOX_REGISTRY=<host:port> SANDBOX_POSTGRES_HOST=<host> SANDBOX_POSTGRES_PASSWORD=<password> make sandbox
docs/sandbox.md tells what each must be able to do.`;

const env = { PATH: systemPath };

/** Tries, in namespaces that end with the attempt, what the sandbox will do. */
async function allowed(...command: string[]): Promise<boolean> {
  const namespaces = ["--net", "--mount", "--pid", "--ipc", "--fork", "--kill-child", "--mount-proc"];
  return (await tryExec("unshare", [...namespaces, ...command], { env })).status === 0;
}

function writable(path: string): boolean {
  try {
    accessSync(path, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

async function linuxProblems(): Promise<string[]> {
  const problems: string[] = [];
  if (process.arch !== "x64" && process.arch !== "arm64")
    problems.push(`a processor of type x64 or arm64 (found ${process.arch})`);
  if (process.getuid?.() !== 0)
    return [...problems, "the user root (for namespaces, network links and mounts)"];
  for (const program of ["unshare", "flock", "setpriv"]) {
    if (findOnPath(program, systemPath) === undefined)
      problems.push(`the program ${program} (package util-linux)`);
  }
  if (!(await allowed("true"))) {
    problems.push("the capability to make namespaces (CAP_SYS_ADMIN; a container needs to be privileged)");
  } else if (findOnPath("ip", systemPath) !== undefined) {
    if (!(await allowed("ip", "link", "add", "try-bridge", "type", "bridge"))) {
      problems.push("network links of type bridge (CAP_NET_ADMIN and the kernel's module bridge)");
    }
    if (!(await allowed("ip", "link", "add", "try-veth", "type", "veth", "peer", "name", "try-peer"))) {
      problems.push("network links of type veth (CAP_NET_ADMIN and the kernel's module veth)");
    }
  }
  if (findOnPath("iptables", systemPath) !== undefined && !(await allowed("iptables", "-t", "nat", "-S"))) {
    problems.push("a packet filter with network address translation (what `iptables -t nat -S` uses)");
  }
  if (!writable("/sys/fs/cgroup")) problems.push("control groups that may be written (/sys/fs/cgroup)");
  if (!writable("/proc/sys/net/ipv4/ip_forward"))
    problems.push("kernel settings that may be written (/proc/sys/net)");
  const packages = missingPackages();
  if (packages.length > 0 && findOnPath("apt-get", systemPath) === undefined) {
    problems.push(`these Debian packages, or their programs, as there is no apt-get: ${packages.join(" ")}`);
  }
  return problems;
}

/** A Go since 1.21 fetches the release that a module asks for by itself. */
async function goProblems({ missing }: FoundTools): Promise<string[]> {
  const names = [...missing.map(({ tool }) => tool.name), "the stand-in BSR"].join(", ");
  if (findOnPath("go") === undefined) return [`Go, to build ${names} (https://go.dev/dl)`];
  const { stdout } = await tryExec("go", ["env", "GOVERSION"]);
  const minor = Number(/^go1\.(\d+)/.exec(stdout)?.[1] ?? 0);
  return minor >= 21 ? [] : [`Go 1.21 or newer, to build ${names} (found ${stdout.trim()})`];
}

/** Throws a list of what is missing. Without a cluster of its own only the tools matter. */
export async function checkMachine(tools: FoundTools, ownCluster: boolean): Promise<void> {
  const problems = await goProblems(tools);
  if (!ownCluster) {
    problems.unshift(
      ...(process.platform === "linux" ? await linuxProblems() : [`Linux (found ${process.platform})`]),
    );
  }
  if (problems.length === 0) return;
  const list = problems.map((problem) => `  - ${problem}`).join("\n");
  throw new Error(
    `this machine cannot run the sandbox. Missing:\n${list}${ownCluster ? "" : `\n${insteadOf}`}`,
  );
}
