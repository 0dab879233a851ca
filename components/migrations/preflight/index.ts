import type { KubeConfig } from "../../kubernetes-client";
import type { ChartSource } from "../cluster/helm/chart";
import type { JobWork } from "../cluster/permissions";
import { accessProblems, secretProblems, takenSecrets, type NeededSecret } from "./access";
import { chartFindings, type ChartFindings, type PlannedDeploy } from "./charts";
import { helmProblems } from "./helm-version";
import { neighbourProblems } from "./neighbours";

export type { PlannedDeploy } from "./charts";
export { secretProblems, takenSecrets, type NeededSecret } from "./access";
export type { Problem } from "./problem";

/** What a way needs of machine, cluster and registry. */
export interface Way {
  /** The cluster, or `null` where it cannot be asked now. */
  readonly cluster: KubeConfig | null;
  readonly namespace: string;
  readonly release: string;
  readonly source: ChartSource;
  readonly deploys: readonly PlannedDeploy[];
  readonly secrets: readonly NeededSecret[];
  /** The names of the Secrets that the component makes. */
  readonly made: readonly string[];
  /** What is done by Jobs of the cluster. */
  readonly work: readonly JobWork[];
}

/** Everything that can be checked before anything is deployed, all problems at once. Changes nothing. */
export async function preflight(way: Way): Promise<ChartFindings> {
  const { cluster, namespace, release, source, secrets, made, work } = way;
  const [access, neighbours, missing, taken, { helm, charts }] = await Promise.all([
    cluster === null ? [] : accessProblems(cluster, namespace, work),
    cluster === null ? [] : neighbourProblems(cluster, namespace, release, source.chart),
    cluster === null ? [] : secretProblems(cluster, namespace, secrets),
    cluster === null ? [] : takenSecrets(cluster, namespace, made),
    helmAndCharts(way),
  ]);
  return {
    problems: [...helm, ...access, ...neighbours, ...missing, ...taken, ...charts.problems],
    warnings: charts.warnings,
  };
}

/** Charts are only examined with a helm that will do. */
async function helmAndCharts({ source, namespace, release, deploys }: Way) {
  const helm = await helmProblems();
  const none: ChartFindings = { problems: [], warnings: [] };
  const charts = helm.length > 0 ? none : await chartFindings(source, { namespace, release }, deploys);
  return { helm, charts };
}
