import { exec } from "../../sandbox/exec";
import { createInstance, type Instance } from "../../sandbox/instance";
import { from, schemaVersion, schemaVersionBefore, to } from "./path";

interface Deployment {
  readonly spec: { readonly template: { readonly spec: { readonly containers: readonly [object] } } };
}

/** Buf's page on downgrades by hand, on an instance of its own: the same steps, with nothing between. In milliseconds. */
export async function downByHand(): Promise<number> {
  const instance = await createInstance("bench-by-hand");
  try {
    await helm(instance, "install", from);
    const began = performance.now();
    const pods = await bufdPods(instance);
    // Of the owner's pods, while they are there.
    const owner = await deployment(instance);
    await migrateDown(instance, owner, "rehearsal", schemaVersionBefore);
    await helm(instance, "upgrade", to);
    await kubectl(instance, ["wait", "--for=delete", "--timeout=180s", ...pods]);
    await migrateDown(instance, owner, "migration", schemaVersion);
    const took = performance.now() - began;
    if ((await instance.schemaVersion()) !== schemaVersion) throw new Error("it was not migrated down");
    return took;
  } finally {
    await instance.close();
  }
}

async function helm(
  { namespace, env, values }: Instance,
  command: "install" | "upgrade",
  version: string,
): Promise<void> {
  const chart = env["BSR_SANDBOX_CHART"] ?? "";
  const args = [
    command,
    "bsr",
    chart,
    "--version",
    version,
    "--namespace",
    namespace,
    "--wait",
    "--values",
    "-",
  ];
  await exec("helm", args, { env, input: JSON.stringify(values) });
}

async function migrateDown(
  instance: Instance,
  { spec }: Deployment,
  name: string,
  schema: number,
): Promise<void> {
  const { containers, ...pod } = spec.template.spec;
  const [bufd] = containers;
  const container = { ...bufd, command: ["/usr/local/bin/bufd", "migratedownto", String(schema)] };
  const quiet = { ...container, ports: [], readinessProbe: null, livenessProbe: null, startupProbe: null };
  const job = {
    apiVersion: "batch/v1",
    kind: "Job",
    metadata: { name },
    spec: {
      backoffLimit: 0,
      template: { spec: { ...pod, restartPolicy: "Never", containers: [quiet] } },
    },
  };
  await kubectl(instance, ["apply", "-f", "-"], JSON.stringify(job));
  await kubectl(instance, ["wait", "--for=condition=complete", "--timeout=180s", `job/${name}`]);
}

async function deployment(instance: Instance): Promise<Deployment> {
  return JSON.parse(await kubectl(instance, ["get", "deployment", "bufd", "-o", "json"])) as Deployment;
}

async function bufdPods(instance: Instance): Promise<string[]> {
  const names = await kubectl(instance, ["get", "pods", "-l", "app.kubernetes.io/name=bufd", "-o", "name"]);
  return names.trim().split("\n");
}

function kubectl({ namespace, env }: Instance, args: readonly string[], input = ""): Promise<string> {
  return exec("kubectl", ["-n", namespace, ...args], { env, input });
}
