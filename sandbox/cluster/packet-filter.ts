/** Kubernetes' iptables rules. They are on the machine itself, where NodePorts answer on 127.0.0.1. */
import { exec, tryExec } from "../exec";
import { findOnPath } from "../setup/go-tools";
import { systemPath } from "../setup/packages";

const env = { PATH: systemPath };
const families = ["iptables", "ip6tables"] as const;
const tables = ["filter", "nat", "mangle"] as const;

async function rules(family: string, table: string): Promise<readonly string[]> {
  const { status, stdout } = await tryExec(`${family}-save`, ["-t", table], { env });
  // A kernel without IPv6 tables has none of our rules in them.
  return status === 0 ? stdout.split("\n") : [];
}

const ofKubernetes = (line: string) => /(^:| )KUBE-/.test(line);

/** The chains and rules that a Kubernetes made on this machine. */
export async function kubernetesRules(): Promise<readonly string[]> {
  if (findOnPath("iptables-save", systemPath) === undefined) return [];
  const found: string[] = [];
  for (const family of families) {
    for (const table of tables) found.push(...(await rules(family, table)).filter(ofKubernetes));
  }
  return found;
}

export async function removeKubernetesRules(): Promise<void> {
  for (const family of families) {
    for (const table of tables) {
      const lines = (await rules(family, table)).filter(ofKubernetes);
      if (lines.length === 0) continue;
      const chains = lines
        .filter((line) => line.startsWith(":"))
        .map((line) => line.slice(1).split(" ")[0] ?? "");
      const jumps = lines.filter((line) => line.startsWith("-A") && !line.startsWith("-A KUBE-"));
      const commands = [
        `*${table}`,
        ...jumps.map((line) => line.replace(/^-A/, "-D")),
        ...chains.map((chain) => `-F ${chain}`),
        ...chains.map((chain) => `-X ${chain}`),
        "COMMIT",
        "",
      ];
      await exec(`${family}-restore`, ["--noflush"], { env, input: commands.join("\n") });
    }
  }
}
