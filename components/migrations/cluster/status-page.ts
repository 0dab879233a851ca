import { CoreV1Api, type KubeConfig, type V1Pod } from "@kubernetes/client-node";
import { z } from "zod";
import { statusPage } from "../facts";

const pageSchema = z.object({
  overall_status: z.string(),
  results: z.array(z.object({ name: z.string(), status: z.string(), message: z.string().default("") })),
});

/** The status page of one bufd pod. */
export interface StatusPage {
  readonly items: readonly { readonly name: string; readonly status: string; readonly message: string }[];
  /** Schema versions as its migrations item gives them; `null` where the message has none. */
  readonly migrations: { readonly current: number; readonly target: number } | null;
  /** The version that the pod says it is. */
  readonly version: string | null;
}

/** The container of a BSR that serves the status page, by the name that Buf's documentation gives it. */
export const bufdContainer = "bufd";

/** Whether a pod has a status page, from its first release on. */
export function hasStatusPage(pod: V1Pod): boolean {
  return pod.spec?.containers.some(({ name }) => name === bufdContainer) === true;
}

/** Reads a pod's status page through the API server's pod proxy: no port-forward and no ingress needed. */
export async function readStatusPage(
  config: KubeConfig,
  namespace: string,
  pod: string,
): Promise<StatusPage> {
  const answer: unknown = await config.makeApiClient(CoreV1Api).connectGetNamespacedPodProxyWithPath({
    namespace,
    name: `${pod}:${statusPage.port}`,
    path: "-/status/json",
  });
  const page = pageSchema.parse(typeof answer === "string" ? JSON.parse(answer) : answer);
  const message = (name: string) => page.results.find((item) => item.name === name)?.message ?? "";
  const migrations = /current:\s*(\d+),\s*target:\s*(\d+)/.exec(message("migrations"));
  const version = /bsr version:\s*v?(\S+)/.exec(message("version"));
  return {
    items: page.results,
    migrations:
      migrations === null ? null : { current: Number(migrations[1]), target: Number(migrations[2]) },
    version: version?.[1] ?? null,
  };
}
