import { CoreV1Api, type KubeConfig, type V1Secret } from "../../../kubernetes-client";
import { z } from "zod";
import { decodeRevision } from "./storage";

/** Another Helm release in a namespace. */
export interface Neighbour {
  readonly release: string;
  /** The chart's own name, which is the last part of its address. */
  readonly chart: string;
  readonly version: string;
}

const payloadSchema = z
  .object({
    name: z.string(),
    chart: z.object({ metadata: z.object({ name: z.string(), version: z.string() }) }),
  })
  .transform(({ name, chart: { metadata } }): Neighbour => ({
    release: name,
    chart: metadata.name,
    version: metadata.version,
  }));

/** Reads the other releases in a namespace. One that cannot be read belongs to somebody else and is left out. */
export async function readNeighbours(
  config: KubeConfig,
  namespace: string,
  release: string,
): Promise<Neighbour[]> {
  const labelSelector = `owner=helm,name!=${release},status notin (superseded,uninstalled)`;
  const { items } = await config.makeApiClient(CoreV1Api).listNamespacedSecret({ namespace, labelSelector });
  return items.flatMap((secret) => payloadSchema.safeParse(payloadOf(secret)).data ?? []);
}

function payloadOf(secret: V1Secret): unknown {
  try {
    return decodeRevision(secret);
  } catch {
    return undefined;
  }
}
