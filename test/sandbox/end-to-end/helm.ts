import { exec } from "../../../sandbox/exec";
import type { Instance } from "../../../sandbox/instance";

/** Helm's history as `version status`, oldest first. */
export async function helmHistory({
  namespace,
  env,
}: Pick<Instance, "namespace" | "env">): Promise<string[]> {
  const text = await exec("helm", ["history", "bsr", "-n", namespace, "-o", "json"], { env });
  const revisions = JSON.parse(text) as { chart: string; status: string }[];
  return revisions.map(({ chart, status }) => `${chart.replace(/^bsr-/, "")} ${status}`);
}

/** The cluster's record of the instance. */
export async function record({ namespace, env }: Pick<Instance, "namespace" | "env">): Promise<{
  highWaterMark: string;
  schemaOwner: string;
  verified: { version: string; revision: number };
  learned: Record<string, number>;
  attempts: { version: string; revision: number }[];
  restores: { snapshot: string; kept: string }[];
}> {
  const selector = ["-l", "app.kubernetes.io/managed-by=pulumi-bsr"];
  const text = await exec(
    "kubectl",
    ["get", "configmap", "-n", namespace, ...selector, "-o", "jsonpath={.items[0].data.record}"],
    { env },
  );
  return JSON.parse(text) as Awaited<ReturnType<typeof record>>;
}

/** The values that were given to each of Helm's revisions, by the version that got them. */
export async function helmValues(instance: Instance): Promise<Record<string, unknown>> {
  const { namespace, env } = instance;
  const versions = (await helmHistory(instance)).map((revision) => revision.split(" ")[0] ?? "");
  const values = versions.map(async (version, index) => {
    const args = ["get", "values", "bsr", "-n", namespace, "--revision", String(index + 1), "-o", "json"];
    return [version, JSON.parse(await exec("helm", args, { env }))] as const;
  });
  return Object.fromEntries(await Promise.all(values));
}
