import { gte } from "semver";
import { connect, type Connection } from "../../components/migrations/cluster/connection";
import { liveRevision, type Revision } from "../../components/migrations/cluster/helm/history";
import { editedImages, imagesOf, type EditedImage } from "../../components/migrations/cluster/pods/images";
import {
  isVerified,
  verifiedInThisLife,
  type TransitionRecord,
} from "../../components/migrations/cluster/record/record";
import {
  hasStatusPage,
  readStatusPage,
  type StatusPage,
} from "../../components/migrations/cluster/pods/status-page";
import {
  observeRunning,
  workloadsOf,
  type Running,
} from "../../components/migrations/cluster/pods/workloads";
import { statusPage } from "../../components/migrations/facts";
import type { Mask } from "../instance/masks";
import type { Asked } from "../instance/options";
import { readInstance, type Known } from "../instance/read";
import { workloadStates, type WorkloadState } from "./workloads";

/** A page that has not answered by then counts as unreadable, so that the rest can be shown in time. */
const pageMilliseconds = 10_000;

/** What the cluster and the record show of an instance at one moment; plain data. */
export interface Observed extends Known {
  readonly at: Date;
  readonly instance: Asked;
  readonly live: Revision | undefined;
  /** Revisions from the last verified one on, without the live one; pods of theirs may be left. */
  readonly before: readonly Revision[];
  readonly running: Running;
  /** Containers that no longer run what was verified at the live revision. */
  readonly edited: readonly EditedImage[];
  readonly workloads: readonly WorkloadState[];
  readonly pages: readonly PodPage[];
}

/** The status page of a bufd pod, or why it could not be read. */
export interface PodPage {
  readonly pod: string;
  readonly page: StatusPage | null;
}

/** Reads what the cluster shows of an instance; changes nothing. */
export async function observe(connection: Connection, asked: Asked): Promise<Observed> {
  const { namespace } = asked;
  const cluster = connect(connection);
  const [known, running] = await Promise.all([
    readInstance(cluster, asked),
    observeRunning(cluster, namespace),
  ]);
  const { history, record } = known;
  const { live, before } = revisionsOf(history, record);
  const workloads = live === undefined ? [] : workloadStates(running, live, before);
  const forPages = connect(connection, pageMilliseconds);
  const pages = await Promise.all(
    podsWithPage(running, workloads, live).map(async (pod) => ({
      pod,
      page: await readStatusPage(forPages, namespace, pod)
        .then((page) => masked(page, known.mask))
        .catch(() => null),
    })),
  );
  return {
    ...known,
    at: new Date(),
    instance: asked,
    live,
    before,
    running,
    edited: editedIn(running, live, record),
    workloads,
    pages,
  };
}

function masked(page: StatusPage, mask: Mask): StatusPage {
  return { ...page, items: page.items.map((item) => ({ ...item, message: mask(item.message) })) };
}

function editedIn(
  running: Running,
  live: Revision | undefined,
  record: TransitionRecord | null,
): EditedImage[] {
  const verified = record?.verified;
  if (live === undefined || verified == null || !isVerified(record, live)) return [];
  return editedImages(verified, imagesOf(running, workloadsOf(live.manifest)));
}

/** Returns the live revision, and the earlier ones that may have pods left. */
export function revisionsOf(
  history: readonly Revision[],
  record: TransitionRecord | null,
): Pick<Observed, "live" | "before"> {
  const live = liveRevision(history);
  const since = verifiedInThisLife(record, history)?.revision ?? 0;
  return { live, before: history.filter((one) => one !== live && one.revision >= since) };
}

/** Returns the pods of releases with a status page whose containers run. */
function podsWithPage(
  running: Running,
  workloads: readonly WorkloadState[],
  live: Revision | undefined,
): string[] {
  return workloads
    .flatMap(({ pods }) => pods)
    .filter(({ version, template }) => {
      const release = version ?? (template === "current" ? live?.version : undefined);
      return release !== undefined && gte(release, statusPage.since);
    })
    .map(({ name }) => name)
    .filter((name) =>
      running.pods.some(
        (pod) => pod.metadata?.name === name && pod.status?.phase === "Running" && hasStatusPage(pod),
      ),
    );
}
