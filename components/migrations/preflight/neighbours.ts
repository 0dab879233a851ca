import type { KubeConfig } from "../../kubernetes-client";
import { statusOf } from "../cluster/connection";
import { readNeighbours } from "../cluster/helm/neighbours";
import type { Problem } from "./problem";

/** Refuses a second instance in a namespace: the chart's objects have the same names, whatever the Helm release is called. */
export async function neighbourProblems(
  cluster: KubeConfig,
  namespace: string,
  release: string,
  chart: string,
): Promise<Problem[]> {
  const name = chart.split("/").at(-1);
  const others = (await readIfAllowed(cluster, namespace, release)).filter((other) => other.chart === name);
  return others.slice(0, 1).map((other) => ({
    code: "namespace-taken",
    found: `The namespace ${namespace} has the Helm release ${other.release} of the same chart, at ${other.version}.`,
    wanted: "One instance in a namespace: the objects of the chart have the same names in every release.",
    remedy: `Give this instance a namespace of its own, with the argument namespace; or, if you mean the instance ${other.release}, set releaseName to ${other.release}.`,
  }));
}

/** Reads the neighbours. If they may not be read, that is reported elsewhere, as a missing permission. */
async function readIfAllowed(cluster: KubeConfig, namespace: string, release: string) {
  try {
    return await readNeighbours(cluster, namespace, release);
  } catch (error) {
    if (statusOf(error) === 403) return [];
    throw error;
  }
}
