import { BatchV1Api, CoreV1Api, type KubernetesObject, type V1Job } from "../../../kubernetes-client";
import { ifFound } from "../../cluster/connection";
import {
  followJob,
  forgetJob,
  isAtWork,
  JobError,
  jobName,
  readJob,
  removeJob,
  type JobAddress,
} from "../../cluster/jobs/job";
import type { Context } from "../context";
import type { BufdChoice } from "../input";
import { Wait } from "../wait";
import { lineageLabel, ownerJob, type OwnerJob } from "./job";
import type { Owner } from "./owner";

/** The time between two checks whether something is gone. */
const goneMilliseconds = 200;

interface Run {
  readonly owner: Owner;
  readonly schemaVersion: number;
  readonly choice: BufdChoice;
  /** Whether it changes nothing; a rehearsal that is already at work is not worth continuing. */
  readonly rehearsal: boolean;
}

/**
 * Runs `migratedownto` with the owner's binary. If an earlier run left a Job at work, it continues with that Job, so
 * that two never migrate at once. Any other Job is created again, and stays for inspection if it fails.
 *
 * @throws JobError when it fails
 */
export async function runOwner(
  context: Context,
  { owner, schemaVersion, choice, rehearsal }: Run,
): Promise<void> {
  const { cluster, setting, progress } = context;
  const { namespace, release } = setting;
  // Every run with the same task uses the same name.
  const what = `down-${owner.version.replaceAll(".", "-")}-${schemaVersion}${rehearsal ? "-rehearsal" : ""}`;
  const name = jobName(release, what);
  const wait = new Wait(context, name, choice.timeoutSeconds);
  let address: JobAddress = { namespace, name };
  const work = ownerJob(owner, { name, namespace, schemaVersion, choice, lineage: setting.lineage });
  const left = await wait.read(() => readJob(cluster, address));
  const goesOn =
    !rehearsal &&
    isOfLineage(left, setting.lineage) &&
    (await wait.read(() => isAtWork(cluster, address, choice.container)));
  if (goesOn) {
    progress.say(`${name}: the Job of an earlier run is still at work: continuing with it`);
    address = { ...address, uid: left?.metadata?.uid };
  } else {
    await end(context, address, work, wait);
    address = { ...address, uid: await create(context, work) };
  }
  try {
    await followJob(cluster, address, choice, wait, (line) =>
      progress.say(`${rehearsal ? "rehearsal" : "migratedownto"}: ${line}`),
    );
  } catch (error) {
    if (rehearsal) await end(context, address, work, wait);
    throw error;
  }
  // No later Job uses the names of this one. A service account keeps its own name, though, and Helm must not find one
  // that is about to be deleted.
  await forgetJob(cluster, address, wait);
  await awaitGone(context, { ...work, configMaps: [], secrets: [] }, wait);
}

/**
 * Whether a Job works for this lineage. One that an earlier way down left says nothing of what the database has now.
 */
function isOfLineage(job: V1Job | undefined, lineage: number): boolean {
  return job?.metadata?.labels?.[lineageLabel] === String(lineage);
}

/** Creates the Job suspended, as it has to exist before it can own what its pod uses. Returns the Job's UID. */
async function create(
  { cluster }: Context,
  { job, configMaps, secrets, serviceAccount }: OwnerJob,
): Promise<string> {
  const batch = cluster.makeApiClient(BatchV1Api);
  const core = cluster.makeApiClient(CoreV1Api);
  const namespace = job.metadata?.namespace ?? "";
  const created = await batch.createNamespacedJob({ namespace, body: job });
  const { name = "", uid = "" } = created.metadata ?? {};
  const ownerReferences = [{ apiVersion: "batch/v1", kind: "Job", name, uid }];
  const owned = <T extends { metadata?: object }>(object: T) => ({
    ...object,
    metadata: { ...object.metadata, ownerReferences },
  });
  for (const body of configMaps) await core.createNamespacedConfigMap({ namespace, body: owned(body) });
  for (const body of secrets) await core.createNamespacedSecret({ namespace, body: owned(body) });
  if (serviceAccount !== undefined) {
    // It keeps its name, as a cloud's identities depend on it.
    const address = { namespace, name: serviceAccount.metadata?.name ?? "" };
    if ((await ifFound(core.readNamespacedServiceAccount(address))) === undefined)
      await core.createNamespacedServiceAccount({ namespace, body: owned(serviceAccount) });
  }
  // This is a patch, because the Job's controller has written its status meanwhile.
  await batch.patchNamespacedJob({
    namespace,
    name,
    body: [{ op: "replace", path: "/spec/suspend", value: false }],
  });
  return uid;
}

/** Ends a Job and waits until its objects are gone as well, as the next Job uses the same names. */
async function end(context: Context, address: JobAddress, work: OwnerJob, wait: Wait): Promise<void> {
  await removeJob(context.cluster, address, wait);
  await awaitGone(context, work, wait);
}

/** Waits until a Job's objects are gone; they are collected a moment after the Job. */
async function awaitGone(
  { cluster }: Context,
  { job, configMaps, secrets, serviceAccount }: OwnerJob,
  wait: Wait,
): Promise<void> {
  const { name: jobName = "", namespace = "" } = job.metadata ?? {};
  const core = cluster.makeApiClient(CoreV1Api);
  const at = ({ metadata }: KubernetesObject) => ({ namespace, name: metadata?.name ?? "" });
  const reads: (() => Promise<KubernetesObject>)[] = [
    ...configMaps.map((one) => () => core.readNamespacedConfigMap(at(one))),
    ...secrets.map((one) => () => core.readNamespacedSecret(at(one))),
    ...(serviceAccount === undefined ? [] : [() => core.readNamespacedServiceAccount(at(serviceAccount))]),
  ];
  for (const read of reads) {
    for (;;) {
      const found = await wait.read(() => ifFound(read()));
      if (found === undefined || !belongsTo(found, jobName)) break;
      const name = found.metadata?.name ?? "";
      if (wait.isOver)
        throw new JobError(`the Job was deleted, and ${name}, which belongs to it, is still there`);
      wait.tell(`waiting for ${name} to go with the Job that it belonged to`);
      await wait.pause(goneMilliseconds);
    }
  }
}

function belongsTo({ metadata }: KubernetesObject, jobName: string): boolean {
  return (metadata?.ownerReferences ?? []).some(({ kind, name }) => kind === "Job" && name === jobName);
}
