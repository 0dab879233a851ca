import { ApiException, CoreV1Api } from "../../kubernetes-client";
import type { V1Pod } from "../../kubernetes-client";
import { statusPage } from "../facts";
import { bufdContainer } from "../facts";
import { newPods, observeRunning, type Workload } from "../cluster/pods/workloads";
import type { Context } from "./context";
import type { Wait } from "./wait";

/** The name of this check in `acceptUnhealthy`. */
const item = "maintenance";

/** Whether the check that pods refuse calls is left out. */
export function isAccepted(acceptUnhealthy: readonly string[]): boolean {
  return acceptUnhealthy.includes(item);
}

/**
 * Waits until every bufd pod refuses calls: in maintenance mode it answers 503 (R8). The port of the API is read from
 * the pods, as the chart's templates are not public. Returns what is wrong when the wait is over, or at once if a pod
 * can never be asked.
 */
export async function awaitRefusing(
  context: Context,
  present: readonly Workload[],
  acceptUnhealthy: readonly string[],
  wait: Wait,
): Promise<string | null> {
  if (isAccepted(acceptUnhealthy)) return null;
  for (;;) {
    const pods = await wait.read(() => bufdPods(context, present));
    const silent = pods.filter((pod) => portsOf(pod).length === 0);
    if (silent.length > 0) return notAsked(silent);
    const serving = await wait.read(() => podsThatServe(context, pods));
    if (pods.length > 0 && serving.length === 0) return null;
    const problem =
      pods.length === 0
        ? `no pod has a container ${bufdContainer}, so none could be asked whether it refuses calls; ${wayOut}`
        : `${serving.join(", ")} ${serving.length === 1 ? "does" : "do"} not refuse calls with 503`;
    wait.tell(`maintenance: ${problem}`);
    if (wait.isOver) return problem;
    await wait.pause(1000);
  }
}

const wayOut = `check it by hand, and go on with acceptUnhealthy: ["${item}"]`;

function notAsked(pods: readonly V1Pod[]): string {
  const names = pods.map(nameOf).join(", ");
  const [subject, its] = pods.length === 1 ? ["it refuses", "its"] : ["they refuse", "their"];
  return (
    `${names} could not be asked whether ${subject} calls, as ${its} container ${bufdContainer} declares no port of an API; ` +
    wayOut
  );
}

async function bufdPods({ cluster, setting }: Context, present: readonly Workload[]): Promise<V1Pod[]> {
  const running = await observeRunning(cluster, setting.namespace);
  return present.flatMap((workload) => newPods(running, workload)).filter((pod) => bufdOf(pod) !== undefined);
}

async function podsThatServe({ cluster, setting }: Context, pods: readonly V1Pod[]): Promise<string[]> {
  const serving = await Promise.all(
    pods.map(async (pod) => {
      const name = nameOf(pod);
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
      // The API server also answers 503 if it cannot reach the port, but its own answers are Status objects.
      return error.code === 503 && !isOfApiServer(error.body);
    }
  }
}

function nameOf({ metadata }: V1Pod): string {
  return metadata?.name ?? "";
}

function bufdOf({ spec }: V1Pod) {
  return spec?.containers.find(({ name }) => name === bufdContainer);
}

function portsOf(pod: V1Pod): number[] {
  const ports = bufdOf(pod)?.ports ?? [];
  return ports.map(({ containerPort }) => containerPort).filter((port) => port !== statusPage.port);
}

function isOfApiServer(body: unknown): boolean {
  const text = typeof body === "string" ? body : JSON.stringify(body);
  return /"kind":\s*"Status"/.test(text);
}
