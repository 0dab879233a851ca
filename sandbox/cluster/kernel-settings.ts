/** Settings of the kernel that the kubelet and kube-proxy change; they are put back when the sandbox ends. */
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { runDir } from "../paths";

const names = [
  "net/ipv4/ip_forward",
  "net/ipv4/conf/all/route_localnet",
  "net/bridge/bridge-nf-call-iptables",
  "vm/overcommit_memory",
  "vm/panic_on_oom",
  "kernel/panic",
  "kernel/panic_on_oops",
  "kernel/keys/root_maxkeys",
  "kernel/keys/root_maxbytes",
];

const file = join(runDir, "kernel-settings.json");
const path = (name: string) => join("/proc/sys", name);

export function keepKernelSettings(): void {
  const values = names
    .filter((name) => existsSync(path(name)))
    .map((name) => [name, readFileSync(path(name), "utf8").trim()]);
  writeFileSync(file, JSON.stringify(Object.fromEntries(values)));
  writeFileSync(path("net/ipv4/ip_forward"), "1");
}

export function restoreKernelSettings(): void {
  if (!existsSync(file)) return;
  const values = JSON.parse(readFileSync(file, "utf8")) as Record<string, string>;
  for (const [name, value] of Object.entries(values)) {
    if (readFileSync(path(name), "utf8").trim() !== value) writeFileSync(path(name), value);
  }
  rmSync(file);
}
