import { ApiException, CoreV1Api } from "../../kubernetes-client";
import type { V1Pod } from "../../kubernetes-client";
import { statusPage } from "../facts";
import { bufdContainer } from "../facts";
import { newPods, observeRunning, type Workload } from "../cluster/pods/workloads";
import type { Context } from "./context";
import type { Wait } from "./wait";

/** What `acceptUnhealthy` calls this check. */
const item = "maintenance";

/**
 * Waits until every bufd pod refuses calls: maintenance mode answers 503 (R8). Where the API listens is read from the
 * pods, as the chart's templates are not public. Answers what is wrong when the wait is over.
 */
export async function awaitRefusing(
  context: Context,
  present: readonly Workload[],
  acceptUnhealthy: readonly string[],
  wait: Wait,
): Promise<string | null> {
  if (acceptUnhealthy.includes(item)) return null;
  for (;;) {
    const serving = await wait.read(() => podsThatServe(context, present));
    if (serving.length === 0) return null;
    const problem = `${serving.join(", ")} ${serving.length === 1 ? "does" : "do"} not refuse calls with 503`;
    wait.tell(`maintenance: ${problem}`);
    if (wait.isOver) return problem;
    await wait.pause(1000);
  }
}

async function podsThatServe({ cluster, setting }: Context, present: readonly Workload[]): Promise<string[]> {
  const running = await observeRunning(cluster, setting.namespace);
  const pods = present.flatMap((workload) => newPods(running, workload)).filter(hasBufd);
  const serving = await Promise.all(
    pods.map(async (pod) => {
      const name = pod.metadata?.name ?? "";
      const answers = await Promise.all(portsOf(pod).map((port) => refuses(port, name)));
      return answers.includes(true) ? [] : [name];
    }),
  );
  return serving.flat();

  async function refuses(port: number, name: string): Promise<boolean> {
    try {
      const core = cluster.makeApiClient(CoreV1Api);
      await core.connectGetNamespacedPodProxyWithPath({
        namespace: setting.namespace,
        name: `${name}:${port}`,
        path: "",
      });
      return false;
    } catch (error) {
      if (!(error instanceof ApiException)) throw error;
      // Also the API server says 503, where it cannot reach the port; its own answers are Status objects.
      return error.code === 503 && !isOfApiServer(error.body);
    }
  }
}

function hasBufd(pod: V1Pod): boolean {
  return portsOf(pod).length > 0;
}

function portsOf({ spec }: V1Pod): number[] {
  const ports = spec?.containers.find(({ name }) => name === bufdContainer)?.ports ?? [];
  return ports.map(({ containerPort }) => containerPort).filter((port) => port !== statusPage.port);
}

function isOfApiServer(body: unknown): boolean {
  const text = typeof body === "string" ? body : JSON.stringify(body);
  return /"kind":\s*"Status"/.test(text);
}
