import { documentedSecrets } from "../../components/bsr-release/secrets/documented";
import { connect } from "../../components/migrations/cluster/connection";
import { builtInFacts } from "../../components/migrations/facts";
import { makePlan } from "../../components/migrations/planner";
import { preflight } from "../../components/migrations/preflight";
import type { Instance } from "../../sandbox/instance";
import { spreadOf, type Line } from "../line";

const RUNS = 3;
const from = "1.1.0";
const to = "1.23.0";

/**
 * The preflight of the longest way, as the preview of a stack with snapshots makes it: every chart pulled and rendered,
 * every right asked for that such a walk needs, and the Secrets looked for that it reads and makes.
 */
export async function measurePreflight({ env, namespace, values }: Instance): Promise<Line> {
  // helm and the client of the cluster read where the cluster is from the environment.
  Object.assign(process.env, env);
  const versions = versionsOnTheWay();
  const samples: number[] = [];
  for (let run = 0; run < RUNS; run += 1) {
    const began = performance.now();
    const { problems } = await preflight({
      cluster: connect({}),
      namespace,
      release: "bsr",
      source: { chart: env["BSR_SANDBOX_CHART"] ?? "" },
      deploys: versions.map((version) => ({
        version,
        values: { ...values },
        free: {},
        digest: null,
        known: true,
      })),
      secrets: [{ name: documentedSecrets.postgres, keys: ["password"] }],
      made: [documentedSecrets.redis],
      work: ["snapshots"],
    });
    samples.push(performance.now() - began);
    if (problems.length > 0) throw new Error(JSON.stringify(problems));
  }
  const { median, min, max } = spreadOf(samples);
  return {
    bench: `preflight of the ${versions.length} charts from ${from} to ${to}`,
    runs: RUNS,
    charts: versions.length,
    medianMs: Math.round(median),
    minMs: Math.round(min),
    maxMs: Math.round(max),
    perChartMs: Math.round(median / versions.length),
  };
}

function versionsOnTheWay(): string[] {
  const position = { deployedVersion: from, schemaOwner: from, highWaterMark: from, settled: true };
  const outcome = makePlan(
    builtInFacts,
    position,
    {
      target: to,
      strategy: "sequential",
      allowDowntime: false,
      acknowledgeDataLoss: null,
      snapshots: false,
      given: [{ path: "license.key", versions: "*" }],
    },
    { dataMigrations: [], snapshot: null },
  );
  if (outcome.outcome !== "plan") throw new Error(`there is no way from ${from} to ${to}`);
  return outcome.steps.flatMap((step) => (step.kind === "deploy" ? [step.version] : []));
}
