/** A cluster of the user's own in place of the sandbox's: SANDBOX_KUBECONFIG and what goes with it. */
import { existsSync } from "node:fs";
import { resolve } from "node:path";
import type { Cluster } from "./cluster";

export function wantsOwnCluster(): boolean {
  return Boolean(process.env["SANDBOX_KUBECONFIG"]);
}

export function ownCluster(): Cluster {
  const problems: string[] = [];
  const required = (name: string, what: string): string => {
    const value = process.env[name];
    if (!value) problems.push(`${name}: ${what}`);
    return value ?? "";
  };
  const kubeconfig = resolve(required("SANDBOX_KUBECONFIG", "the kubeconfig of the cluster"));
  if (!existsSync(kubeconfig)) problems.push(`SANDBOX_KUBECONFIG: there is no file ${kubeconfig}`);
  const registry = required(
    "SANDBOX_REGISTRY",
    "host:port of a registry without TLS, the same name for this machine and the nodes",
  );
  const host = required("SANDBOX_POSTGRES_HOST", "a Postgres that the pods reach");
  const password = required("SANDBOX_POSTGRES_PASSWORD", "the password of its role postgres");
  if (problems.length > 0) {
    const list = problems.map((problem) => `  - ${problem}`).join("\n");
    throw new Error(`with a cluster of your own these are needed (docs/sandbox.md):\n${list}`);
  }
  return {
    kubeconfig,
    registry,
    node: process.env["SANDBOX_NODE"] || "127.0.0.1",
    postgres: {
      host,
      port: Number(process.env["SANDBOX_POSTGRES_PORT"] || 5432),
      password,
      fromHere: process.env["SANDBOX_PGHOST"] || host,
      portFromHere: Number(process.env["SANDBOX_PGPORT"] || process.env["SANDBOX_POSTGRES_PORT"] || 5432),
    },
  };
}
