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

/** What a path needs of the machine, the cluster and the registry. */
export interface Way {
  /** The cluster, or `null` if it cannot be reached now. */
  readonly cluster: KubeConfig | null;
  readonly namespace: string;
  readonly release: string;
  readonly source: ChartSource;
  readonly deploys: readonly PlannedDeploy[];
  readonly secrets: readonly NeededSecret[];
  /** The names of the Secrets that the component makes. */
  readonly made: readonly string[];
  /** The kinds of work that Jobs in the cluster will do. */
  readonly work: readonly JobWork[];
}

/** Checks everything that can be checked before a deploy, and returns all problems at once. Changes nothing. */
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

/** Examines the charts only if helm itself can be used. */
async function helmAndCharts({ source, namespace, release, deploys }: Way) {
  const helm = await helmProblems();
  const none: ChartFindings = { problems: [], warnings: [] };
  const charts = helm.length > 0 ? none : await chartFindings(source, { namespace, release }, deploys);
  return { helm, charts };
}
