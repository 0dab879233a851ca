import { join } from "node:path";
import { sandboxDir } from "../paths";
import { systemPath } from "../setup/packages";
import type { Ports } from "./ports";
import { ready, start } from "./processes";

export async function startEtcd(ports: Ports): Promise<void> {
  const client = `http://127.0.0.1:${ports.etcd}`;
  const peer = `http://127.0.0.1:${ports.etcdPeer}`;
  const args = [
    `--data-dir=${join(sandboxDir, "etcd")}`,
    `--listen-client-urls=${client}`,
    `--advertise-client-urls=${client}`,
    `--listen-peer-urls=${peer}`,
    `--initial-advertise-peer-urls=${peer}`,
    `--initial-cluster=default=${peer}`,
    // The data does not outlive the sandbox.
    "--unsafe-no-fsync",
  ];
  // Debian's arm64 build asks to be told that it is wanted there.
  const etcd = start("etcd", "etcd", args, { PATH: systemPath, ETCD_UNSUPPORTED_ARCH: process.arch });
  await ready(etcd, "etcd to be healthy", async () => {
    const answer = await fetch(`${client}/health`).catch(() => undefined);
    return answer?.ok ?? false;
  });
}
