import { AppsV1Api, type KubeConfig, type V1PodSpec } from "../../../kubernetes-client";
import type { Running, Template, Workload } from "./workloads";

/**
 * The images of a release's workloads, by `<kind>/<workload>/<container>`. `kubectl set image` changes them, and Helm's
 * history does not show it.
 */
export type Images = Readonly<Record<string, string>>;

/** A container that no longer runs the image that was verified. */
export interface EditedImage {
  /** `<kind>/<workload>/<container>` */
  readonly container: string;
  readonly verified: string;
  /** `null` if its workload is gone. */
  readonly found: string | null;
  /** The release whose image it runs now; `null` if the image's tag does not show one. */
  readonly version: string | null;
}

type Objects = Pick<Running, "deployments" | "statefulSets" | "daemonSets">;

/** Returns the images that the workloads have at this moment. */
export function imagesOf(
  { deployments, statefulSets, daemonSets }: Objects,
  workloads: readonly Workload[],
): Images {
  const all = { Deployment: deployments, StatefulSet: statefulSets, DaemonSet: daemonSets };
  return Object.fromEntries(
    workloads.flatMap(({ kind, name }) => {
      const object = all[kind].find(({ metadata }) => metadata?.name === name);
      return imagesOfPods(`${kind}/${name}`, object?.spec?.template?.spec);
    }),
  );
}

/** Returns the images that a Helm manifest gives. */
export function imagesIn(templates: readonly Template[]): Images {
  return Object.fromEntries(
    templates.flatMap(({ kind, name, pods }) => imagesOfPods(`${kind}/${name}`, pods)),
  );
}

/** Reads the images that the workloads in a namespace have at this moment. */
export async function readImages(
  config: KubeConfig,
  namespace: string,
  workloads: readonly Workload[],
): Promise<Images> {
  const apps = config.makeApiClient(AppsV1Api);
  const [deployments, statefulSets, daemonSets] = await Promise.all([
    apps.listNamespacedDeployment({ namespace }),
    apps.listNamespacedStatefulSet({ namespace }),
    apps.listNamespacedDaemonSet({ namespace }),
  ]);
  const objects = {
    deployments: deployments.items,
    statefulSets: statefulSets.items,
    daemonSets: daemonSets.items,
  };
  return imagesOf(objects, workloads);
}

/**
 * Returns the containers that are no longer as they were verified. They are compared with what ran then, not with the
 * chart, as a cluster may rewrite every image that it gets.
 */
export function editedImages(
  verified: { readonly version: string; readonly images?: Images | undefined },
  found: Images,
): EditedImage[] {
  return Object.entries(verified.images ?? {})
    .filter(([container, image]) => found[container] !== image)
    .map(([container, image]) => {
      const now = found[container] ?? null;
      // A tag shows a release only where the verified tag was one.
      const tellsRelease = tagOf(image) === verified.version;
      return {
        container,
        verified: image,
        found: now,
        version: now !== null && tellsRelease ? releaseOf(now) : null,
      };
    });
}

/** Says in a sentence what runs, and what was verified. */
export function describeEdited({ container, verified, found }: EditedImage): string {
  return found === null
    ? `${container}, which ran ${verified}, is gone`
    : `${container} has the image ${found}, and ${verified} was verified`;
}

function imagesOfPods(workload: string, pods: V1PodSpec | undefined): [string, string][] {
  const containers = [...(pods?.initContainers ?? []), ...(pods?.containers ?? [])];
  return containers.map(({ name, image }) => [`${workload}/${name}`, image ?? ""]);
}

function tagOf(image: string): string | undefined {
  return /:([^:/@]+)(?:@[^@]+)?$/.exec(image)?.[1];
}

function releaseOf(image: string): string | null {
  const tag = tagOf(image);
  return tag !== undefined && /^\d+\.\d+\.\d+$/.test(tag) ? tag : null;
}
