import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { exec } from "../../sandbox/exec";

const name = "bench-state";

/**
 * Publishes a chart for each version that asks for no pod at all, so that a transition takes as long as its steps, and
 * not its pods. What Pulumi keeps of a transition is the same. Answers the chart's address.
 */
export async function publishWithoutPods(
  env: NodeJS.ProcessEnv,
  versions: readonly string[],
): Promise<string> {
  const registry = (env["BSR_SANDBOX_CHART"] ?? "").replace(/\/[^/]+$/, "");
  const folder = mkdtempSync(join(tmpdir(), "bsr-bench-"));
  try {
    mkdirSync(join(folder, "templates"));
    for (const version of versions) {
      writeFileSync(join(folder, "Chart.yaml"), JSON.stringify({ apiVersion: "v2", name, version }));
      writeFileSync(join(folder, "templates", "bufd.yaml"), JSON.stringify(withoutPods(version)));
      await exec("helm", ["package", folder, "--destination", folder], { env });
      await exec("helm", ["push", join(folder, `${name}-${version}.tgz`), registry], { env });
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
  return `${registry}/${name}`;
}

function withoutPods(version: string) {
  const labels = { app: name };
  return {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name },
    spec: {
      replicas: 0,
      selector: { matchLabels: labels },
      template: {
        metadata: { labels },
        spec: { containers: [{ name: "bufd", image: `bufd:${version}` }] },
      },
    },
  };
}
