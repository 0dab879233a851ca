import { CoreV1Api, type KubeConfig, type V1Pod } from "../../../kubernetes-client";
import { z } from "zod";
import { bufdContainer, statusPage } from "../../facts";
import { jsonOf, UnusableAnswer, used } from "../unusable";

const pageSchema = z.object({
  overall_status: z.string(),
  results: z.array(z.object({ name: z.string(), status: z.string(), message: z.string().default("") })),
});

/** The status page of one bufd pod. */
export interface StatusPage {
  readonly items: readonly { readonly name: string; readonly status: string; readonly message: string }[];
  /** The schema versions that its migrations item gives; `null` if the message has none. */
  readonly migrations: { readonly current: number; readonly target: number } | null;
  /** The version that the pod reports for itself. */
  readonly version: string | null;
}

/** Whether a pod has a status page, from its first release on. */
export function hasStatusPage(pod: V1Pod): boolean {
  return pod.spec?.containers.some(({ name }) => name === bufdContainer) === true;
}

/** Reads a pod's status page through the API server's pod proxy, which needs no port-forward and no Ingress. */
export async function readStatusPage(
  config: KubeConfig,
  namespace: string,
  pod: string,
): Promise<StatusPage> {
  const request = { namespace, name: `${pod}:${statusPage.port}`, path: "-/status/json" };
  const page = used(pageSchema, await answerOf(config, request), (why) =>
    unusable(pod, why === "must be given" ? "it is not JSON" : why),
  );
  const message = (name: string) => page.results.find((item) => item.name === name)?.message ?? "";
  const migrations = /current:\s*(\d{1,9}),\s*target:\s*(\d{1,9})\b/.exec(message("migrations"));
  const version = /bsr version:\s*v?(\S+)/.exec(message("version"));
  return {
    items: page.results,
    migrations:
      migrations === null ? null : { current: Number(migrations[1]), target: Number(migrations[2]) },
    version: version?.[1] ?? null,
  };
}

/** Returns the answer as JSON, whatever content type it has; nothing if it is not JSON. */
async function answerOf(
  config: KubeConfig,
  request: { readonly namespace: string; readonly name: string; readonly path: string },
): Promise<unknown> {
  try {
    const answer: unknown = await config
      .makeApiClient(CoreV1Api)
      .connectGetNamespacedPodProxyWithPath(request);
    return typeof answer === "string" ? jsonOf(answer) : answer;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

function unusable(pod: string, why: string): UnusableAnswer {
  return new UnusableAnswer(
    `what ${pod} serves at port ${statusPage.port} is not a status page: ${why}`,
    "the JSON of bufd's status page",
    "check that the container bufd is the BSR's, and that nothing else answers in its place",
  );
}
