/** The node: containerd, the kubelet and kube-proxy. */
import { existsSync, mkdirSync, readFileSync, rmdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { tryExec } from "../exec";
import { checkout, runDir, sandboxDir } from "../paths";
import { systemPath } from "../setup/packages";
import { certificates } from "./certificates";
import { kubeconfigOf, nodeName } from "./control-plane";
import { bridge, type Addresses } from "./network";
import { pauseImage, writePauseImage } from "./pause-image";
import type { Ports } from "./ports";
import { type Process, ready, runs, start, started } from "./processes";

const data = join(sandboxDir, "node");
const socket = join(runDir, "containerd.sock");

/**
 * Where the node's programs keep things, whatever they are told. Inside the node, folders of the sandbox are mounted
 * there. Those that the machine does not have are made for that, and removed with the sandbox.
 */
const places = [
  "/var/lib/kubelet",
  "/var/lib/containerd",
  "/var/lib/cni",
  "/var/log",
  "/run/containerd",
  "/run/netns",
  "/run/mount",
];
const madePlaces = join(runDir, "made-folders.json");

function makePlaces(): void {
  const missing = places.filter((place) => !existsSync(place));
  writeFileSync(madePlaces, JSON.stringify(missing));
  for (const place of missing) mkdirSync(place, { recursive: true });
}

export function removePlaces(): void {
  if (!existsSync(madePlaces)) return;
  for (const place of JSON.parse(readFileSync(madePlaces, "utf8")) as string[]) {
    if (existsSync(place)) rmdirSync(place);
  }
}

/** Bit 24: raising a process's priority when memory runs out. Without it no container could be started. */
function mayRaisePriority(): boolean {
  const mask = /^CapEff:\s*([0-9a-f]+)/m.exec(readFileSync("/proc/self/status", "utf8"))?.[1] ?? "0";
  return (BigInt(`0x${mask}`) & (1n << 24n)) !== 0n;
}

/** Overlay mounts are fast, and not to be had where the sandbox's folder is itself on an overlay. */
async function snapshotter(): Promise<"overlayfs" | "native"> {
  const dirs = ["lower", "upper", "work", "merged"].map((name) => join(data, "try-overlay", name));
  for (const dir of dirs) mkdirSync(dir, { recursive: true });
  const [lower = "", upper = "", work = "", merged = ""] = dirs;
  const mount = `mount --no-mtab -t overlay overlay -o "lowerdir=$1,upperdir=$2,workdir=$3" "$4"`;
  const args = ["--mount", "sh", "-c", mount, "sh", lower, upper, work, merged];
  return (await tryExec("unshare", args, { env: { PATH: systemPath } })).status === 0
    ? "overlayfs"
    : "native";
}

async function containerdConfig(cniDir: string): Promise<string> {
  return `version = 2
root = "/var/lib/containerd"
state = "/run/containerd"
disabled_plugins = [
  "io.containerd.internal.v1.opt",
  "io.containerd.snapshotter.v1.aufs",
  "io.containerd.snapshotter.v1.btrfs",
  "io.containerd.snapshotter.v1.devmapper",
  "io.containerd.snapshotter.v1.zfs",
]

[grpc]
address = ${JSON.stringify(socket)}

[plugins."io.containerd.grpc.v1.cri"]
sandbox_image = ${JSON.stringify(pauseImage)}
restrict_oom_score_adj = ${String(!mayRaisePriority())}
stream_server_address = "127.0.0.1"
stream_server_port = "0"

[plugins."io.containerd.grpc.v1.cri".containerd]
snapshotter = "${await snapshotter()}"

[plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc]
runtime_type = "io.containerd.runc.v2"

[plugins."io.containerd.grpc.v1.cri".cni]
bin_dir = "/usr/lib/cni"
conf_dir = ${JSON.stringify(cniDir)}
`;
}

function podNetwork(addresses: Addresses): object {
  return {
    cniVersion: "0.4.0",
    name: "sandbox",
    plugins: [
      {
        type: "bridge",
        bridge,
        isGateway: true,
        hairpinMode: true,
        ipam: {
          type: "host-local",
          ranges: [
            [
              {
                subnet: addresses.pods,
                rangeStart: addresses.podsFirst,
                rangeEnd: addresses.podsLast,
                gateway: addresses.node,
              },
            ],
          ],
          // Services, and nothing else beyond the bridge.
          routes: [{ dst: addresses.services }],
        },
      },
    ],
  };
}

function kubeletConfig(addresses: Addresses): object {
  return {
    apiVersion: "kubelet.config.k8s.io/v1beta1",
    kind: "KubeletConfiguration",
    address: addresses.node,
    healthzPort: 0,
    authentication: {
      anonymous: { enabled: false },
      webhook: { enabled: false },
      x509: { clientCAFile: certificates.authority },
    },
    authorization: { mode: "AlwaysAllow" },
    containerRuntimeEndpoint: `unix://${socket}`,
    volumePluginDir: "/var/lib/kubelet/volume-plugins",
    // No name server: pods talk to services and to Postgres by address.
    resolvConf: "",
    failSwapOn: false,
    failCgroupV1: false,
    cgroupDriver: "cgroupfs",
    cgroupsPerQOS: false,
    enforceNodeAllocatable: [],
    serializeImagePulls: false,
    // A full disk is the machine's concern: the sandbox neither deletes images nor evicts pods.
    imageGCHighThresholdPercent: 100,
    evictionHard: { "memory.available": "0%", "nodefs.available": "0%", "imagefs.available": "0%" },
  };
}

/** The process whose mount namespace is the node's, undefined when no node runs on this machine. */
export function nodeProcess(): Process | undefined {
  return started().find((process_) => process_.name === "node" && runs(process_));
}

export async function startNode(addresses: Addresses, toolPath: string): Promise<void> {
  const cniDir = join(data, "cni");
  mkdirSync(cniDir, { recursive: true });
  makePlaces();
  writeFileSync(join(cniDir, "10-sandbox.conflist"), JSON.stringify(podNetwork(addresses)));
  writeFileSync(join(data, "containerd.toml"), await containerdConfig(cniDir));
  writeFileSync(join(data, "kubelet.json"), JSON.stringify(kubeletConfig(addresses)));
  await writePauseImage(join(data, "pause.tar"));
  const kubelet = [
    `--kubeconfig=${kubeconfigOf("kubelet")}`,
    `--config=${join(data, "kubelet.json")}`,
    `--hostname-override=${nodeName}`,
    `--node-ip=${addresses.node}`,
  ];
  const script = join(checkout, "sandbox", "cluster", "node.sh");
  const namespaces = ["--mount", "--pid", "--fork", "--kill-child", "--mount-proc"];
  const args = [
    ...namespaces,
    "sh",
    script,
    data,
    places.join(" "),
    socket,
    join(data, "containerd.toml"),
    ...kubelet,
  ];
  const env = { PATH: `${toolPath}:${systemPath}` };
  const node = start("node", "unshare", args, env);
  await ready(node, "the node to be Ready", async () => {
    const condition = `jsonpath={.status.conditions[?(@.type=="Ready")].status}`;
    const get = ["--kubeconfig", kubeconfigOf("admin"), "get", "node", nodeName, "-o", condition];
    // Without a home kubectl keeps its cache in the current folder.
    return (await tryExec("kubectl", get, { env: { ...env, HOME: sandboxDir } })).stdout === "True";
  });
}

export async function startProxy(ports: Ports, addresses: Addresses, toolPath: string): Promise<void> {
  const args = [
    `--kubeconfig=${kubeconfigOf("proxy")}`,
    `--hostname-override=${nodeName}`,
    "--proxy-mode=iptables",
    `--cluster-cidr=${addresses.pods}`,
    // A NodePort answers on loopback and nowhere else.
    "--nodeport-addresses=127.0.0.0/8",
    // Pods share one bridge: without this, an answer from pod to pod may pass by the rules that it must go back through.
    "--masquerade-all",
    `--healthz-bind-address=127.0.0.1:${ports.proxyHealth}`,
    `--metrics-bind-address=127.0.0.1:${ports.proxyMetrics}`,
    // Leaves the machine's connection tracking as it is.
    "--conntrack-max-per-core=0",
    "--conntrack-tcp-timeout-established=0",
    "--conntrack-tcp-timeout-close-wait=0",
  ];
  const proxy = start("kube-proxy", "kube-proxy", args, { PATH: `${toolPath}:${systemPath}` });
  await ready(proxy, "kube-proxy", async () => {
    const answer = await fetch(`http://127.0.0.1:${ports.proxyHealth}/healthz`).catch(() => undefined);
    return answer?.ok ?? false;
  });
}
