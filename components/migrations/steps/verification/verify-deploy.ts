import { liveRevision, readHelmHistory, type Revision } from "../../cluster/helm/history";
import { imagesIn, readImages, type Images } from "../../cluster/pods/images";
import { resume } from "../../cluster/pods/standstill";
import { templatesOf, workloadsOf } from "../../cluster/pods/workloads";
import { withVerified } from "../../cluster/record/changes";
import {
  isVerified,
  readRecord,
  updateRecord,
  verifiedInThisLife,
  type TransitionRecord,
} from "../../cluster/record/record";
import type { Context } from "../context";
import { StepFailure } from "../failure";
import { foreignSince } from "../foreign";
import type { Expectation } from "../input";
import { awaitRefusing, isAccepted } from "../maintenance";
import { schemaAfterDeploy } from "../schema-version";
import { Wait } from "../wait";
import { awaitHealthy } from "./await-healthy";
import { awaitRollout, restartBackedOff } from "./await-rollout";
import { notVerified } from "./not-verified";

/** What is left if a pod does not refuse calls. */
const maintenanceLeft = { left: "some pods may still serve" };
/**
 * A rollout counts once every workload has been rolled out for this long without a break; old pods may end meanwhile.
 */
const stableMilliseconds = 3000;

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
    throw notVerified(
      expected,
      `Helm has ${live?.version ?? "nothing"} live, but ${expected.version} was deployed`,
      { remedy: "run pulumi preview: it plans again from what is there now" },
    );
  }
  refuseForeign(expected, foreignSince(history, before, setting.transition));
  if (live.status !== "deployed") {
    throw notVerified(
      expected,
      `Helm says of revision ${live.revision}: ${live.status} (${live.description})`,
    );
  }
  const present = workloadsOf(live.manifest);
  if (present.length === 0) {
    throw notVerified(expected, `revision ${live.revision} has no workload, so there is nothing to verify`);
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
    throw notVerified(expected, `in Postgres, the ${inPostgres.problems.join("; ")}`);
  if (expected.maintenance) {
    const problem = await awaitRefusing(context, present, expected.acceptUnhealthy, wait);
    if (problem !== null) throw notVerified(expected, `maintenance is on, and ${problem}`, maintenanceLeft);
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
  throw notVerified(
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
  throw notVerified(
    expected,
    live === undefined
      ? `the release was uninstalled while revision ${watched.revision} was being verified`
      : `revision ${live.revision} replaced revision ${watched.revision} while it was being verified ` +
          `(${live.version}, ${live.deployedAt}: ${live.description})`,
    { remedy: "run pulumi preview: it plans again from what is there now" },
  );
}
