import { CoreV1Api, type V1Pod } from "../../kubernetes-client";
import { ifFound } from "../cluster/connection";
import { diagnose, diagnoseBriefly } from "../cluster/pods/diagnosis";
import { liveRevision, readHelmHistory, type Revision } from "../cluster/helm/history";
import { imagesIn, readImages, type Images } from "../cluster/pods/images";
import { describeLeft, Ending, forceDeletion } from "../cluster/pods/left";
import { Patience } from "../cluster/pods/patience";
import {
  isVerified,
  readRecord,
  updateRecord,
  verifiedInThisLife,
  type TransitionRecord,
} from "../cluster/record/record";
import { withVerified } from "../cluster/record/changes";
import {
  isBackedOff,
  judgeRollout,
  RolloutRefused,
  type Rollout,
  type Trouble,
} from "../cluster/pods/rollout";
import { resume } from "../cluster/pods/standstill";
import {
  newPods,
  observeRunning,
  templatesOf,
  workloadsOf,
  type Running,
  type Workload,
} from "../cluster/pods/workloads";
import type { Context } from "./context";
import { StepFailure } from "./failure";
import { foreignSince } from "./foreign";
import { NoStatusPage, readHealth } from "./health";
import type { Expectation } from "./input";
import { awaitRefusing, isAccepted } from "./maintenance";
import { schemaAfterDeploy } from "./schema-version";
import { Wait } from "./wait";

const pollMilliseconds = 500;
/** What is left if a pod does not refuse calls. */
const maintenanceLeft = { left: "some pods may still serve" };
/**
 * A rollout counts once every workload has been rolled out for this long without a break; old pods may end meanwhile.
 */
const stableMilliseconds = 3000;
/** How often a slow rollout is looked at more closely, as its pods' states do not show every cause. */
const lookMilliseconds = 20_000;

/**
 * Waits until a deploy is complete (R6): every workload is rolled out and no pod of an older template is left. From the
 * first release with a status page on, every item must also be healthy, with the schema version it must have. Helm's
 * own `--wait` is not enough: it returns while old pods still serve. Writes the verified version to the record, and
 * returns the record.
 */
export async function verifyDeploy(context: Context, expected: Expectation): Promise<TransitionRecord> {
  try {
    return await awaitVerified(context, expected);
  } catch (error) {
    throw error instanceof StepFailure ? await toldInMaintenance(context, error) : error;
  }
}

/**
 * Adds to a failure, if the deploy was to end maintenance, that nobody is served and that a snapshot is the way back.
 */
async function toldInMaintenance(context: Context, failed: StepFailure): Promise<StepFailure> {
  const { cluster, setting } = context;
  const [record, history] = await Promise.all([
    readRecord(cluster, context.record),
    readHelmHistory(cluster, setting.namespace, setting.release),
  ]).catch(() => [null, []] as const);
  const from = history.find((revision) => isVerified(record, revision));
  if (from?.maintenance !== true) return failed;
  const taken = record?.snapshots.findLast(({ lineage }) => lineage === setting.lineage);
  const back =
    taken === undefined
      ? ""
      : `. Or go back to the snapshot: version ${taken.version} and restore ${taken.id} in the configuration`;
  return new StepFailure(
    failed.what,
    `${from.version} is in maintenance, so no call is served, until a deploy is verified; nothing after this step was begun`,
    `${failed.remedy}${back}`,
  );
}

async function awaitVerified(context: Context, expected: Expectation): Promise<TransitionRecord> {
  const { setting, cluster, progress } = context;
  const wait = new Wait(context, expected.version, expected.timeoutSeconds);
  const before = await wait.read(() => readRecord(cluster, context.record));
  const history = await wait.read(() => readHelmHistory(cluster, setting.namespace, setting.release));
  const live = liveRevision(history);
  if (live?.version !== expected.version) {
    throw failure(
      expected,
      `Helm has ${live?.version ?? "nothing"} live, but ${expected.version} was deployed`,
      { remedy: "run pulumi preview: it plans again from what is there now" },
    );
  }
  refuseForeign(expected, foreignSince(history, before, setting.transition));
  if (live.status !== "deployed") {
    throw failure(expected, `Helm says of revision ${live.revision}: ${live.status} (${live.description})`);
  }
  const present = workloadsOf(live.manifest);
  if (present.length === 0) {
    throw failure(expected, `revision ${live.revision} has no workload, so there is nothing to verify`);
  }
  progress.say(`${expected.version}: chart deployed as revision ${live.revision}`);
  // Pods of every revision since the verified one may be left, including those of attempts that failed.
  const since = verifiedInThisLife(before, history)?.revision ?? 0;
  const previous = history
    .filter((r) => r !== live && r.revision >= since)
    .flatMap((r) => workloadsOf(r.manifest));
  const schemaBefore = before?.attempts.at(-1)?.schemaBefore ?? null;

  // A restore may have stopped workloads, and those that the chart does not scale would stay stopped.
  await wait.read(() => resume(cluster, setting.namespace, present));
  await wait.read(() => restartBackedOff(context, expected, present));
  // In maintenance each second counts, and every pod is asked next whether it refuses calls. A revision that was
  // already verified has been watched before.
  const stable = expected.maintenance || isVerified(before, live) ? 0 : stableMilliseconds;
  await awaitRollout(context, expected, previous, present, wait, stable);
  const learned = expected.statusPage
    ? await awaitHealthy(context, expected, present, schemaBefore, wait)
    : null;
  // In maintenance the snapshot that follows reads the schema version.
  const asksPostgres = !expected.statusPage && !expected.maintenance;
  const inPostgres = asksPostgres ? await schemaAfterDeploy(context, expected, schemaBefore, wait) : null;
  if (inPostgres !== null && inPostgres.problems.length > 0)
    throw failure(expected, `in Postgres, the ${inPostgres.problems.join("; ")}`);
  if (expected.maintenance) {
    const problem = await awaitRefusing(context, present, expected.acceptUnhealthy, wait);
    if (problem !== null) throw failure(expected, `maintenance is on, and ${problem}`, maintenanceLeft);
  }
  const images = await wait.read(() => readImages(cluster, setting.namespace, present));
  tellRewritten(context, expected, live, images);
  await wait.read(() => refuseIfRevised(context, expected, live));

  const verified = {
    version: expected.version,
    revision: live.revision,
    deployedAt: live.deployedAt,
    at: new Date().toISOString(),
    images,
  };
  const record = await wait.read(() =>
    updateRecord(cluster, context.record, (stored) => withVerified(stored, verified, learned)),
  );
  const version = learned ?? inPostgres?.current;
  const schema = version === undefined ? "" : `, schema version ${version}`;
  const mode = expected.maintenance ? ` with maintenance on: ${refusing(expected)}` : "";
  progress.say(`${expected.version}: verified${mode}${schema}`);
  return record;
}

/** Says what is known of the pods' answers once maintenance is on. */
function refusing({ acceptUnhealthy }: Expectation): string {
  return isAccepted(acceptUnhealthy)
    ? "whether pods refuse calls was not asked, as acceptUnhealthy says"
    : "every pod refuses calls";
}

/**
 * Deletes pods that are in back-off before the wait begins, as they are left from an attempt that failed. The kubelet
 * may wait minutes before it tries again, even if the cause is gone; a new pod tries at once.
 */
async function restartBackedOff(
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

async function awaitRollout(
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
    if (error instanceof RolloutRefused) throw failure(expected, error.message);
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
  return failure(expected, `old pods do not end: ${describeLeft(overdue)}`, {
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
  return failure(expected, [`${why}: ${unfinished}`, ...reasons].join("\n    "), { left: serving });
}

function reasonsOf(
  { cluster, setting, masks }: Context,
  workloads: readonly Workload[],
  how = diagnose,
): Promise<string[]> {
  return how(cluster, setting.namespace, { workloads }, masks.mask);
}

/** Waits for the status page of every bufd pod, and returns the target schema version that it shows. */
async function awaitHealthy(
  context: Context,
  expected: Expectation,
  present: readonly Workload[],
  schemaBefore: number | null,
  wait: Wait,
): Promise<number | null> {
  for (;;) {
    const { problems, target, schema } = await wait.read(() => health());
    if (problems.length === 0) return target;
    wait.tell([...(schema === null ? [] : [schema]), `waiting for ${problems.join("; ")}`].join("; "));
    if (wait.isOver) {
      const why = `its status page was not healthy within ${expected.timeoutSeconds} s: ${problems.join("; ")}`;
      throw failure(expected, [why, ...(await reasonsOf(context, present))].join("\n    "));
    }
    await wait.pause(pollMilliseconds);
  }

  async function health() {
    try {
      return await readHealth(context, expected, present, schemaBefore);
    } catch (error) {
      if (error instanceof NoStatusPage) throw failure(expected, error.message);
      throw error;
    }
  }
}

/**
 * Reports images other than the chart's. They come from a cluster's rule for images or an edit by hand; nothing tells
 * the two apart.
 */
function tellRewritten(
  { progress }: Context,
  { version }: Expectation,
  { manifest }: Revision,
  images: Images,
): void {
  for (const [container, image] of Object.entries(imagesIn(templatesOf(manifest)))) {
    const found = images[container];
    if (found !== image)
      progress.say(`${version}: ${container} has the image ${found ?? "none"}, the chart gave it ${image}`);
  }
}

/** Refuses a deploy that somebody made just before ours, which a verification would take for a part of the path. */
function refuseForeign(expected: Expectation, foreign: Revision | undefined): void {
  if (foreign === undefined) return;
  const { revision, version, deployedAt, description } = foreign;
  throw failure(
    expected,
    `somebody deployed ${version} as revision ${revision} (${deployedAt}: ${description}) after this step's deploy had ` +
      "begun, and it may have migrated the database",
    { remedy: "run pulumi preview: it names the choices" },
  );
}

/** Refuses if the revision that was watched is no longer live: somebody changed the release meanwhile. */
async function refuseIfRevised(context: Context, expected: Expectation, watched: Revision): Promise<void> {
  const { namespace, release } = context.setting;
  const live = liveRevision(await readHelmHistory(context.cluster, namespace, release));
  if (live?.revision === watched.revision) return;
  throw failure(
    expected,
    live === undefined
      ? `the release was uninstalled while revision ${watched.revision} was being verified`
      : `revision ${live.revision} replaced revision ${watched.revision} while it was being verified ` +
          `(${live.version}, ${live.deployedAt}: ${live.description})`,
    { remedy: "run pulumi preview: it plans again from what is there now" },
  );
}

function failure(
  expected: Expectation,
  what: string,
  {
    left = "pods that were ready before go on serving",
    remedy = "fix the cause, then run pulumi up again: it goes on at this version",
  }: { readonly left?: string; readonly remedy?: string } = {},
): StepFailure {
  return new StepFailure(
    `${expected.version} was deployed but not verified: ${what}`,
    `${left}; nothing after this step was begun`,
    remedy,
  );
}
