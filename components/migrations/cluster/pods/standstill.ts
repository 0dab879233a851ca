import {
  AppsV1Api,
  type KubeConfig,
  type V1Deployment,
  type V1Pod,
  type V1StatefulSet,
} from "../../../kubernetes-client";
import { ifFound } from "../connection";
import { matches, observeAll, type Workload } from "./workloads";

/** Holds how many pods a stopped workload had. */
const annotation = "pulumi-bsr/replicas";

/** Stops every pod of the workloads, so that none of them reaches the database. */
export async function stop(
  config: KubeConfig,
  namespace: string,
  workloads: readonly Workload[],
): Promise<void> {
  for (const found of await scalable(config, namespace, workloads)) {
    const { spec, metadata } = found.object;
    const replicas = spec?.replicas ?? 1;
    if (replicas === 0) continue;
    const noted = { [annotation]: String(replicas) };
    await patch(config, found, [
      // A JSON patch cannot add to a map that does not exist.
      metadata?.annotations === undefined
        ? { op: "add", path: "/metadata/annotations", value: noted }
        : { op: "add", path: annotationPath, value: noted[annotation] },
      { op: "add", path: "/spec/replicas", value: 0 },
    ]);
  }
}

/** Starts stopped workloads again; one that a deploy has already started only loses the annotation. */
export async function resume(
  config: KubeConfig,
  namespace: string,
  workloads: readonly Workload[],
): Promise<void> {
  for (const found of await scalable(config, namespace, workloads)) {
    const before = notedReplicas(found.object);
    if (before === undefined) continue;
    await patch(config, found, [
      { op: "remove", path: annotationPath },
      ...(isAtRest(found.object) ? [{ op: "add", path: "/spec/replicas", value: before } as const] : []),
    ]);
  }
}

/** Returns how many pods a workload had before it was stopped here; `null` if it was not. */
export function stoppedReplicas(object: V1Deployment | V1StatefulSet): number | null {
  return isAtRest(object) ? (notedReplicas(object) ?? null) : null;
}

/** Lists the existing DaemonSets among the workloads: they have a pod on every node and cannot be stopped by scaling. */
export async function unstoppable(
  config: KubeConfig,
  namespace: string,
  workloads: readonly Workload[],
): Promise<string[]> {
  const { daemonSets } = await observeAll(config, namespace);
  return daemonSets
    .map(({ metadata }) => metadata?.name ?? "")
    .filter((name) => workloads.some((one) => one.kind === "DaemonSet" && one.name === name));
}

/** Lists the pods of the workloads that still exist, including terminating ones. */
export async function podsLeft(
  config: KubeConfig,
  namespace: string,
  workloads: readonly Workload[],
): Promise<V1Pod[]> {
  const { pods } = await observeAll(config, namespace);
  return pods
    .filter(({ status }) => status?.phase !== "Succeeded" && status?.phase !== "Failed")
    .filter((pod) => workloads.some(({ selector }) => matches(selector, pod)));
}

type Scalable =
  | { readonly kind: "Deployment"; readonly object: V1Deployment }
  | { readonly kind: "StatefulSet"; readonly object: V1StatefulSet };

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
      .map((object) => ({ kind: "Deployment", object }) as const),
    ...statefulSets
      .filter(({ metadata }) => isOf("StatefulSet", metadata?.name))
      .map((object) => ({ kind: "StatefulSet", object }) as const),
  ];
}

function isAtRest({ spec }: V1Deployment | V1StatefulSet): boolean {
  return spec?.replicas === 0;
}

function notedReplicas({ metadata }: V1Deployment | V1StatefulSet): number | undefined {
  const noted = metadata?.annotations?.[annotation];
  return noted === undefined ? undefined : Number(noted);
}

/** The annotation as a path of a JSON patch, which escapes the slash. */
const annotationPath = `/metadata/annotations/${annotation.replace("/", "~1")}`;

type Operation =
  | { readonly op: "add"; readonly path: string; readonly value: unknown }
  | { readonly op: "remove"; readonly path: string };

/** Changes only the named fields: others write to the object too, and it may have fields that this client does not know. */
async function patch(
  config: KubeConfig,
  { kind, object }: Scalable,
  body: readonly Operation[],
): Promise<void> {
  const api = config.makeApiClient(AppsV1Api);
  const { name = "", namespace = "" } = object.metadata ?? {};
  await ifFound<unknown>(
    kind === "Deployment"
      ? api.patchNamespacedDeployment({ name, namespace, body })
      : api.patchNamespacedStatefulSet({ name, namespace, body }),
  );
}
