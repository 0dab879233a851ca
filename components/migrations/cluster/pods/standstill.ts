import {
  AppsV1Api,
  type KubeConfig,
  type V1Deployment,
  type V1StatefulSet,
} from "../../../kubernetes-client";
import { matches, observeAll, type Workload } from "./workloads";

/** How many pods a stopped workload had. */
const annotation = "pulumi-bsr/replicas";

/** Stops every pod of the workloads: nothing of them reaches the database then. */
export async function stop(
  config: KubeConfig,
  namespace: string,
  workloads: readonly Workload[],
): Promise<void> {
  for (const [kind, found] of await scalable(config, namespace, workloads)) {
    const replicas = found.spec?.replicas ?? 1;
    if (replicas > 0) await scale(config, kind, found, 0, String(replicas));
  }
}

/** Lets stopped workloads run again; one that a deploy has started only loses the note. */
export async function resume(
  config: KubeConfig,
  namespace: string,
  workloads: readonly Workload[],
): Promise<void> {
  for (const [kind, found] of await scalable(config, namespace, workloads)) {
    const before = found.metadata?.annotations?.[annotation];
    if (before === undefined) continue;
    await scale(config, kind, found, found.spec?.replicas || Number(before), undefined);
  }
}

/** The pods of the workloads that are there still, terminating ones too. */
export async function podsLeft(
  config: KubeConfig,
  namespace: string,
  workloads: readonly Workload[],
): Promise<string[]> {
  const { pods } = await observeAll(config, namespace);
  return pods
    .filter(({ status }) => status?.phase !== "Succeeded" && status?.phase !== "Failed")
    .filter((pod) => workloads.some(({ selector }) => matches(selector, pod)))
    .map(({ metadata }) => metadata?.name ?? "");
}

type Scalable = readonly ["Deployment", V1Deployment] | readonly ["StatefulSet", V1StatefulSet];

async function scalable(
  config: KubeConfig,
  namespace: string,
  workloads: readonly Workload[],
): Promise<Scalable[]> {
  const { deployments, statefulSets } = await observeAll(config, namespace);
  const isOf = (kind: string, name = "") => workloads.some((one) => one.kind === kind && one.name === name);
  return [
    ...deployments
      .filter(({ metadata }) => isOf("Deployment", metadata?.name))
      .map((one) => ["Deployment", one] as const),
    ...statefulSets
      .filter(({ metadata }) => isOf("StatefulSet", metadata?.name))
      .map((one) => ["StatefulSet", one] as const),
  ];
}

async function scale(
  config: KubeConfig,
  kind: Scalable[0],
  found: V1Deployment | V1StatefulSet,
  replicas: number,
  note: string | undefined,
): Promise<void> {
  const api = config.makeApiClient(AppsV1Api);
  const { name = "", namespace = "", annotations = {} } = found.metadata ?? {};
  const { [annotation]: _before, ...others } = annotations;
  const body = {
    ...found,
    metadata: {
      ...found.metadata,
      annotations: note === undefined ? others : { ...others, [annotation]: note },
    },
    spec: { ...found.spec, replicas },
  };
  if (kind === "Deployment")
    await api.replaceNamespacedDeployment({ name, namespace, body: body as V1Deployment });
  else await api.replaceNamespacedStatefulSet({ name, namespace, body: body as V1StatefulSet });
}
