import { BatchV1Api, CoreV1Api, type V1Job } from "@kubernetes/client-node";
import { ifFound } from "../../cluster/connection";
import { followJob, removeJob } from "../../cluster/job";
import type { Context } from "../context";
import type { BufdChoice } from "../input";
import { Wait } from "../wait";
import { lineageLabel, ownerJob, type OwnerJob } from "./job";
import type { Owner } from "./owner";

interface Run {
  readonly owner: Owner;
  readonly schemaVersion: number;
  readonly choice: BufdChoice;
  /** A rehearsal changes nothing, so none that was begun is worth going on with. */
  readonly rehearsal: boolean;
}

/**
 * Runs `migratedownto` with the owner's binary. A Job that a run before has left is gone on with, so that two never
 * migrate at once; one that has failed is made anew, and stays for a look when it fails again.
 *
 * @throws JobError when it fails
 */
export async function runOwner(
  context: Context,
  { owner, schemaVersion, choice, rehearsal }: Run,
): Promise<void> {
  const { cluster, setting, progress } = context;
  const { namespace, release } = setting;
  const name = jobName(release, owner.version, schemaVersion, rehearsal);
  const wait = new Wait(context, name, choice.timeoutSeconds);
  const watch = {
    onLine: (line: string) => progress.say(`${rehearsal ? "rehearsal" : "migratedownto"}: ${line}`),
    read: <T>(ask: () => Promise<T>) => wait.read(ask),
    pause: (milliseconds: number) => wait.pause(milliseconds),
  };
  const address = { namespace, name };
  const batch = cluster.makeApiClient(BatchV1Api);
  const left = await wait.read(() => ifFound(batch.readNamespacedJob(address)));
  if (!rehearsal && left !== undefined && isOfLineage(left, setting.lineage) && isGoing(left)) {
    progress.say(`${name}: the Job of a run before is still there, going on with it`);
  } else {
    await removeJob(cluster, address, watch);
    await create(
      context,
      ownerJob(owner, { name, namespace, schemaVersion, choice, lineage: setting.lineage }),
    );
  }
  try {
    await followJob(cluster, address, choice, watch);
  } catch (error) {
    if (rehearsal) await removeJob(cluster, address, watch);
    throw error;
  }
  await removeJob(cluster, address, watch);
}

/** One that an earlier way down has left tells nothing of what the database has now. */
function isOfLineage({ metadata }: V1Job, lineage: number): boolean {
  return metadata?.labels?.[lineageLabel] === String(lineage);
}

function isGoing({ spec, status }: V1Job): boolean {
  const hasFailed =
    status?.conditions?.some((one) => one.type === "Failed" && one.status === "True") === true;
  return spec?.suspend !== true && !hasFailed;
}

/** Created suspended: what its pod uses is owned by the Job, which has to be there first. */
async function create(
  { cluster }: Context,
  { job, configMaps, secrets, serviceAccount }: OwnerJob,
): Promise<void> {
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
    // Never under another name: a cloud's identities hang on it.
    const address = { namespace, name: serviceAccount.metadata?.name ?? "" };
    if ((await ifFound(core.readNamespacedServiceAccount(address))) === undefined)
      await core.createNamespacedServiceAccount({ namespace, body: owned(serviceAccount) });
  }
  // A patch, as the Job's controller has written its status meanwhile.
  await batch.patchNamespacedJob({
    namespace,
    name,
    body: [{ op: "replace", path: "/spec/suspend", value: false }],
  });
}

/** The same for every run that has to do the same, and never longer than a label may be. */
function jobName(release: string, version: string, schemaVersion: number, rehearsal: boolean): string {
  const what = `down-${version.replaceAll(".", "-")}-${schemaVersion}${rehearsal ? "-rehearsal" : ""}`;
  return `${release.slice(0, 62 - what.length)}-${what}`;
}
