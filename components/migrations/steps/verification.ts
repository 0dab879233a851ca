import { CoreV1Api } from "@kubernetes/client-node";
import { ifFound, reasonOf } from "../cluster/connection";
import { liveRevision, readHelmHistory, type Revision } from "../cluster/helm-history";
import { readRecord, updateRecord, type TransitionRecord } from "../cluster/record";
import { isBackedOff, judgeRollout, RolloutRefused, type Trouble } from "../cluster/rollout";
import { readStatusPage, type StatusPage } from "../cluster/status-page";
import { newPods, observeRunning, workloadsOf, type Running, type Workload } from "../cluster/workloads";
import { sleep, type Context } from "./context";
import { StepFailure } from "./failure";
import type { Expectation } from "./input";

const pollMilliseconds = 1000;
/** A rollout counts once it has been complete for this long without a break. */
const stableMilliseconds = 3000;
/** An image that cannot be pulled for this long will not come by waiting. */
const hopelessAfterMilliseconds = 30_000;
/** A container that was started again this often will not come up by waiting. */
const hopelessRestarts = 3;
/** The container of a BSR that serves the status page, by the name that Buf's documentation gives it. */
const bufdContainer = "bufd";

/**
 * Waits until a deploy is complete (R6): every workload rolled out, no pod of an older template left, and
 * from the status page's first release on every item healthy with the schema version it must have. Helm's
 * own `--wait` is not enough: it returns while old pods still serve.
 * Writes the verified version to the record and answers it.
 */
export async function verifyDeploy(context: Context, expected: Expectation): Promise<TransitionRecord> {
  const { setting, cluster, progress } = context;
  const before = await readRecord(cluster, context.record);
  const history = await readHelmHistory(cluster, setting.namespace, setting.release);
  const live = liveRevision(history);
  if (live?.version !== expected.version) {
    throw failure(
      expected,
      `Helm has ${live?.version ?? "nothing"} live where ${expected.version} was deployed`,
      "run pulumi preview: it plans again from what is there now",
    );
  }
  if (live.status !== "deployed") {
    throw failure(expected, `Helm says of revision ${live.revision}: ${live.status} (${live.description})`);
  }
  const present = workloadsOf(live.manifest);
  if (present.length === 0) {
    throw failure(expected, `revision ${live.revision} has no workload, so there is nothing to verify`);
  }
  // Pods of every revision since the verified one may be left, also of attempts that failed.
  const previous = history
    .filter((r) => r !== live && r.revision >= (before?.verified?.revision ?? 0))
    .flatMap((r) => workloadsOf(r.manifest));
  const schemaBefore = before?.attempts.at(-1)?.schemaBefore ?? null;
  const deadline = Date.now() + expected.timeoutSeconds * 1000;

  await restartBackedOff(context, present);
  await awaitRollout(context, expected, previous, present, deadline);
  const learned = expected.statusPage
    ? await awaitHealthy(context, expected, present, schemaBefore, deadline)
    : null;
  await refuseIfRevised(context, expected, live);

  const record = await updateRecord(cluster, context.record, (stored) => ({
    ...stored,
    verified: { version: expected.version, revision: live.revision, at: new Date().toISOString() },
    learned: learned === null ? stored.learned : { ...stored.learned, [expected.version]: learned },
  }));
  const schema = learned === null ? "" : `, schema version ${learned}`;
  progress.say(`${expected.version}: verified${schema}`);
  return record;
}

/** The schema version that the running BSR shows, or `null` where it has no status page yet. */
export async function readCurrentSchema(
  context: Context,
  live: Revision | undefined,
): Promise<number | null> {
  if (live === undefined) return null;
  const running = await observeRunning(context.cluster, context.setting.namespace);
  for (const pod of bufdPods(running, workloadsOf(live.manifest))) {
    const page = await readStatusPage(context.cluster, context.setting.namespace, pod).catch(() => null);
    if (page?.migrations != null) return page.migrations.current;
  }
  return null;
}

/**
 * Pods that are in back-off before the wait has begun are left from an attempt that failed. The kubelet may let
 * minutes pass before it tries again, also when the cause is gone; a pod made anew tries at once.
 */
async function restartBackedOff(context: Context, present: readonly Workload[]): Promise<void> {
  const { namespace } = context.setting;
  const running = await observeRunning(context.cluster, namespace);
  const stuck = present.flatMap((workload) => newPods(running, workload)).filter(isBackedOff);
  for (const pod of stuck) {
    const name = pod.metadata?.name ?? "";
    context.progress.say(`${name}: in back-off since an earlier attempt, made anew`);
    await ifFound(context.cluster.makeApiClient(CoreV1Api).deleteNamespacedPod({ namespace, name }));
  }
}

async function awaitRollout(
  context: Context,
  expected: Expectation,
  previous: readonly Workload[],
  present: readonly Workload[],
  deadline: number,
): Promise<void> {
  const { setting, cluster, progress } = context;
  const patience = new Patience();
  let completeSince: number | undefined;
  for (;;) {
    const running = await observeRunning(cluster, setting.namespace);
    const rollout = judge(expected, running, previous, present);
    if (rollout.complete) {
      completeSince ??= Date.now();
      if (Date.now() - completeSince >= stableMilliseconds) return;
    } else {
      completeSince = undefined;
      progress.saidOnce(`${expected.version}: ${rollout.line}`);
      const hopeless = patience.lostWith(rollout.troubles);
      if (hopeless.length > 0 || Date.now() > deadline) {
        const why =
          hopeless.length > 0
            ? "its pods cannot become ready"
            : `its rollout did not complete within ${expected.timeoutSeconds} s`;
        const details = await describeTroubles(context, hopeless.length > 0 ? hopeless : rollout.troubles);
        throw failure(expected, [`${why}: ${rollout.line}`, ...details].join("\n    "));
      }
    }
    await sleep(pollMilliseconds, context.signal);
  }
}

function judge(
  expected: Expectation,
  running: Running,
  previous: readonly Workload[],
  present: readonly Workload[],
) {
  try {
    return judgeRollout(running, previous, present);
  } catch (error) {
    if (error instanceof RolloutRefused) throw failure(expected, error.message);
    throw error;
  }
}

/** Tells trouble that passes from trouble that does not. */
class Patience {
  readonly #since = new Map<string, number>();
  /** Conditions that an earlier attempt left; they stay until a pod makes progress. */
  #stale: ReadonlySet<string> | undefined;

  lostWith(troubles: readonly Trouble[]): Trouble[] {
    const now = Date.now();
    this.#stale ??= new Set(troubles.flatMap(({ condition }) => condition ?? []));
    const seen = new Set(troubles.map((trouble) => trouble.subject));
    for (const subject of this.#since.keys()) if (!seen.has(subject)) this.#since.delete(subject);
    return troubles.filter((trouble) => {
      if (!this.#since.has(trouble.subject)) this.#since.set(trouble.subject, now);
      const age = now - (this.#since.get(trouble.subject) ?? now);
      switch (trouble.reason) {
        case "ProgressDeadlineExceeded":
          return this.#stale?.has(trouble.condition ?? "") !== true;
        case "Unschedulable":
          return false; // room may come: a cluster autoscaler takes minutes
        case "CrashLoopBackOff":
          return trouble.restarts >= hopelessRestarts;
        default:
          return age >= hopelessAfterMilliseconds;
      }
    });
  }
}

async function describeTroubles(context: Context, troubles: readonly Trouble[]): Promise<string[]> {
  const lines = await Promise.all(
    troubles.map(async (trouble) => {
      const line = `${trouble.subject}: ${trouble.reason}: ${trouble.message}`;
      if (trouble.reason !== "CrashLoopBackOff") return [line];
      const log = await lastLogLines(context, trouble.subject);
      return [line, ...log.map((text) => `  ${text}`)];
    }),
  );
  return lines.flat();
}

async function lastLogLines({ cluster, setting }: Context, pod: string): Promise<string[]> {
  try {
    const log = await cluster.makeApiClient(CoreV1Api).readNamespacedPodLog({
      namespace: setting.namespace,
      name: pod,
      previous: true,
      tailLines: 5,
    });
    return log.trim().split("\n");
  } catch {
    return []; // the pod may be gone by now; its reason is told all the same
  }
}

function bufdPods(running: Running, present: readonly Workload[]): string[] {
  return present
    .flatMap((workload) => newPods(running, workload))
    .filter((pod) => pod.spec?.containers.some((container) => container.name === bufdContainer))
    .map((pod) => pod.metadata?.name ?? "");
}

/** Waits for every bufd pod's status page and answers the target schema version it shows. */
async function awaitHealthy(
  context: Context,
  expected: Expectation,
  present: readonly Workload[],
  schemaBefore: number | null,
  deadline: number,
): Promise<number | null> {
  for (;;) {
    // Read anew each time: a pod may be evicted or scaled away meanwhile.
    const pods = bufdPods(await observeRunning(context.cluster, context.setting.namespace), present);
    if (pods.length === 0) {
      throw failure(expected, `no pod has a container ${bufdContainer}, so there is no status page to read`);
    }
    const judged = await Promise.all(
      pods.map(async (pod) => {
        try {
          const page = await readStatusPage(context.cluster, context.setting.namespace, pod);
          return { problems: problemsOf(page, expected, schemaBefore), target: page.migrations?.target };
        } catch (error) {
          return { problems: [`status page of ${pod}: ${reasonOf(error)}`], target: undefined };
        }
      }),
    );
    const problems = [...new Set(judged.flatMap((one) => one.problems))];
    if (problems.length === 0) return judged[0]?.target ?? null;
    context.progress.saidOnce(`${expected.version}: waiting for ${problems.join("; ")}`);
    if (Date.now() > deadline) {
      throw failure(
        expected,
        `its status page was not healthy within ${expected.timeoutSeconds} s: ${problems.join("; ")}`,
      );
    }
    await sleep(pollMilliseconds, context.signal);
  }
}

function problemsOf(page: StatusPage, expected: Expectation, schemaBefore: number | null): string[] {
  const unhealthy = page.items
    .filter((item) => item.status !== "healthy")
    .filter((item) => !expected.acceptUnhealthy.includes(item.name))
    .filter((item) => !(expected.keepsSchema && item.name === "migrations"))
    .map((item) => `${item.name} is ${item.status} (${item.message})`);
  const version =
    page.version !== null && page.version !== expected.version
      ? [`it says it is ${page.version}, not ${expected.version}`]
      : [];
  return [...unhealthy, ...version, ...schemaProblems(page.migrations, expected, schemaBefore)];
}

function schemaProblems(
  migrations: StatusPage["migrations"],
  expected: Expectation,
  schemaBefore: number | null,
): string[] {
  if (migrations === null) return ["its migrations item names no schema versions"];
  const { current, target } = migrations;
  if (expected.keepsSchema) {
    // The newer owner may only have been attempted: then this release still brings its own migrations.
    const kept = Math.max(schemaBefore ?? current, expected.schemaVersion ?? 0);
    return current === kept ? [] : [`schema version is ${current}, wanted ${kept} as before the deploy`];
  }
  const wanted = expected.schemaVersion ?? target;
  return current === target && current === wanted
    ? []
    : [`schema version is ${current} (target ${target}), wanted ${wanted}`];
}

/** What was watched must still be what is live, or somebody changed it meanwhile. */
async function refuseIfRevised(context: Context, expected: Expectation, watched: Revision): Promise<void> {
  const { namespace, release } = context.setting;
  const live = liveRevision(await readHelmHistory(context.cluster, namespace, release));
  if (live?.revision === watched.revision) return;
  throw failure(
    expected,
    `revision ${live?.revision ?? "none"} replaced revision ${watched.revision} while it was being verified`,
    "run pulumi preview: it plans again from what is there now",
  );
}

function failure(expected: Expectation, what: string, remedy?: string): StepFailure {
  return new StepFailure(
    `${expected.version} was deployed but not verified: ${what}`,
    "pods that were ready before go on serving; nothing after this step was begun",
    remedy ?? "mend the cause, then run pulumi up again: it goes on at this version",
  );
}
