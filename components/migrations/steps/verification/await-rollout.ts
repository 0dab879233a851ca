import { CoreV1Api, type V1Pod } from "../../../kubernetes-client";
import { ifFound } from "../../cluster/connection";
import { diagnoseBriefly } from "../../cluster/pods/diagnosis";
import { describeLeft, Ending, forceDeletion } from "../../cluster/pods/left";
import { Patience } from "../../cluster/pods/patience";
import {
  isBackedOff,
  judgeRollout,
  RolloutRefused,
  type Rollout,
  type Trouble,
} from "../../cluster/pods/rollout";
import { newPods, observeRunning, type Running, type Workload } from "../../cluster/pods/workloads";
import type { Context } from "../context";
import type { StepFailure } from "../failure";
import type { Expectation } from "../input";
import type { Wait } from "../wait";
import { notVerified, reasonsOf } from "./not-verified";

const pollMilliseconds = 500;

/** How often a slow rollout is looked at more closely, as its pods' states do not show every cause. */
const lookMilliseconds = 20_000;

/**
 * Deletes pods that are in back-off before the wait begins, as they are left from an attempt that failed. The kubelet
 * may wait minutes before it tries again, even if the cause is gone; a new pod tries at once.
 */
export async function restartBackedOff(
  context: Context,
  { version }: Expectation,
  present: readonly Workload[],
): Promise<void> {
  const { namespace } = context.setting;
  const running = await observeRunning(context.cluster, namespace);
  const stuck = present.flatMap((workload) => newPods(running, workload)).filter(isBackedOff);
  for (const pod of stuck) {
    const name = pod.metadata?.name ?? "";
    context.progress.say(
      `${version}: ${name}: in back-off since an earlier attempt, deleted so that a new pod tries at once`,
    );
    await ifFound(context.cluster.makeApiClient(CoreV1Api).deleteNamespacedPod({ namespace, name }));
  }
}

/**
 * Waits until every workload has been rolled out for `stable` milliseconds without a break, and no pod of an older
 * template is left.
 */
export async function awaitRollout(
  context: Context,
  expected: Expectation,
  previous: readonly Workload[],
  present: readonly Workload[],
  wait: Wait,
  stable: number,
): Promise<void> {
  const patience = new Patience();
  const ending = new Ending();
  let rolledOutSince: number | undefined;
  let lookedAt = 0;
  let seen: readonly string[] = [];
  for (;;) {
    const running = await wait.read(() => observeRunning(context.cluster, context.setting.namespace));
    const rollout = judge(expected, running, previous, present);
    rolledOutSince = rollout.incomplete.length === 0 ? (rolledOutSince ?? Date.now()) : undefined;
    if (rollout.complete || rollout.troubles.length > 0) {
      seen = [];
    } else if (wait.elapsedMilliseconds - lookedAt >= lookMilliseconds) {
      lookedAt = wait.elapsedMilliseconds;
      seen = await reasonsOf(context, rollout.incomplete, diagnoseBriefly);
    }
    wait.tell(`pods: ${[rollout.line, ...seen].join("; ")}`);
    if (rollout.complete && rolledOutSince !== undefined && Date.now() - rolledOutSince >= stable) return;
    const overdue = ending.overdue(rollout.old);
    if (overdue.length > 0) throw overdueFailure(context, expected, rollout, overdue);
    const hopeless = patience.lostWith(rollout.troubles);
    if (!rollout.complete && (hopeless.length > 0 || wait.isOver)) {
      throw await rolloutFailure(context, expected, rollout, hopeless);
    }
    await wait.pause(pollMilliseconds);
  }
}

function judge(
  expected: Expectation,
  running: Running,
  previous: readonly Workload[],
  present: readonly Workload[],
): Rollout {
  try {
    return judgeRollout(running, previous, present);
  } catch (error) {
    if (error instanceof RolloutRefused) throw notVerified(expected, error.message);
    throw error;
  }
}

/** A lost node never ends its pods, and nobody else takes them away. */
function overdueFailure(
  { setting }: Context,
  expected: Expectation,
  { serving }: Rollout,
  overdue: readonly V1Pod[],
): StepFailure {
  return notVerified(expected, `old pods do not end: ${describeLeft(overdue)}`, {
    left: serving,
    remedy: `${forceDeletion(setting.namespace, overdue)}. Then run pulumi up again: it goes on at this version`,
  });
}

async function rolloutFailure(
  context: Context,
  expected: Expectation,
  { unfinished, incomplete, serving }: Rollout,
  hopeless: readonly Trouble[],
): Promise<StepFailure> {
  const why =
    hopeless.length > 0
      ? "its pods cannot become ready"
      : `its rollout did not complete within ${expected.timeoutSeconds} s`;
  const reasons = await reasonsOf(context, incomplete);
  return notVerified(expected, [`${why}: ${unfinished}`, ...reasons].join("\n    "), { left: serving });
}
