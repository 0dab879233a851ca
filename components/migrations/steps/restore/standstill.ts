import type { V1Pod } from "../../../kubernetes-client";
import { describeLeft, endWithinMilliseconds, forceDeletion } from "../../cluster/pods/left";
import { podsLeft, resume, stop } from "../../cluster/pods/standstill";
import type { Workload } from "../../cluster/pods/workloads";
import type { Context } from "../context";
import { SnapshotError } from "../snapshots";
import { Wait } from "../wait";

/** How long starting the pods again waits for a cluster that does not answer. */
const startSeconds = 120;

/** Stops every pod of the workloads, and waits until none is left. */
export async function stopPods(
  context: Context,
  snapshot: string,
  workloads: readonly Workload[],
  wait: Wait,
): Promise<void> {
  const { cluster, setting, progress } = context;
  progress.say(`restore ${snapshot}: stopping every pod`);
  await wait.read(() => stop(cluster, setting.namespace, workloads));
  const began = wait.elapsedMilliseconds;
  let limit = 0;
  for (;;) {
    const left = await wait.read(() => podsLeft(cluster, setting.namespace, workloads));
    if (left.length === 0) return;
    limit = Math.max(limit, endWithinMilliseconds(left));
    wait.tell(`pods left: ${namesOf(left)}`);
    if (wait.isOver || wait.elapsedMilliseconds - began > limit)
      throw new SnapshotError(doNotEnd(context, left));
    await wait.pause(1000);
  }
}

/** Starts the pods again, no matter how much time is left of the wait in which they were stopped. */
export async function startPods(context: Context, workloads: readonly Workload[]): Promise<void> {
  const wait = new Wait(context, "starting the pods again", startSeconds);
  await wait.read(() => resume(context.cluster, context.setting.namespace, workloads));
}

function namesOf(pods: readonly V1Pod[]): string {
  return pods.map(({ metadata }) => metadata?.name ?? "").join(", ");
}

function doNotEnd({ setting }: Context, pods: readonly V1Pod[]): string {
  return `pods do not end: ${describeLeft(pods)}; ${forceDeletion(setting.namespace, pods)}`;
}
