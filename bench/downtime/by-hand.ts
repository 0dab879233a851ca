import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { exec } from "../../sandbox/exec";
import { createInstance, type Instance } from "../../sandbox/instance";
import { fill, from, to } from "./path";
import { Probe } from "./probe";

/** What no way through maintenance can do without, in milliseconds. */
export interface Parts {
  /** From the first refused request until no pod is left that could write. */
  readonly drainMs: number;
  /** pg_dump alone. */
  readonly dumpMs: number;
  /** From the beginning of `helm upgrade` to the new version until that serves its first request. */
  readonly startMs: number;
}

/** Goes the way by hand on an instance of its own: Helm, pg_dump, Helm, with nothing between and nothing verified. */
export async function partsByHand(): Promise<Parts> {
  const instance = await createInstance("bench-by-hand");
  try {
    await helm(instance, ["install", "--wait"], from, false);
    await fill(instance);
    const probe = new Probe(instance.url);
    try {
      return await partsOf(instance, probe);
    } finally {
      await probe.stop();
    }
  } finally {
    await instance.close();
  }
}

async function partsOf(instance: Instance, probe: Probe): Promise<Parts> {
  const drained = gone(instance, await bufdPods(instance));
  await helm(instance, ["upgrade"], from, true);
  const drainMs = (await drained) - probe.firstRefused;

  const dumpBegan = performance.now();
  await dump(instance);
  const dumpMs = performance.now() - dumpBegan;

  const startBegan = performance.now();
  await helm(instance, ["upgrade"], to, false);
  await probe.servedBy(to);
  return { drainMs, dumpMs, startMs: probe.firstServedBy(to) - startBegan };
}

async function helm(
  { namespace, env, values }: Instance,
  command: readonly string[],
  version: string,
  maintenance: boolean,
): Promise<void> {
  const chart = env["BSR_SANDBOX_CHART"] ?? "";
  const args = [...command, "bsr", chart, "--version", version, "--namespace", namespace, "--values", "-"];
  await exec("helm", args, { env, input: JSON.stringify({ ...values, maintenance }) });
}

async function bufdPods({ namespace, env }: Instance): Promise<string[]> {
  const args = ["get", "pods", "-n", namespace, "-l", "app.kubernetes.io/name=bufd", "-o", "name"];
  return (await exec("kubectl", args, { env })).trim().split("\n");
}

/** When the last of the pods was gone. */
async function gone({ namespace, env }: Instance, pods: readonly string[]): Promise<number> {
  await exec("kubectl", ["wait", "-n", namespace, "--for=delete", "--timeout=180s", ...pods], { env });
  return performance.now();
}

async function dump({ database, env }: Instance): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "bsr-bench-"));
  try {
    await exec("pg_dump", ["--format=custom", `--file=${join(folder, "dump")}`, database], { env });
  } finally {
    rmSync(folder, { recursive: true });
  }
}
