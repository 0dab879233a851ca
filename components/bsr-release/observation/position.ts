import type { Revision } from "../../migrations/cluster/helm/history";
import type { EditedImage } from "../../migrations/cluster/pods/images";
import type { Holding } from "../../migrations/cluster/run/lease";
import {
  higher,
  isVerified,
  openAttemptOf,
  restoredRevision,
  verifiedInThisLife,
  type TransitionRecord,
} from "../../migrations/cluster/record/record";
import type { Position } from "../../migrations/planner";

/** What the cluster shows of an instance. */
export interface Observation {
  /** The UID of the kube-system namespace: what tells one cluster from another. */
  readonly cluster: string;
  /** Every revision that Helm knows, oldest first. */
  readonly history: readonly Revision[];
  /** The newest revision, unless the release was uninstalled. */
  readonly live: Revision | undefined;
  readonly record: TransitionRecord | null;
  /** Databases that the release has records of, where there is none of its own. */
  readonly otherRecords: readonly string[];
  /** What no longer runs as it was verified at the live revision. */
  readonly edited: readonly EditedImage[];
  /** Who works on the instance. */
  readonly holding: Holding | null;
}

/** Mark and owner that the stack remembers, for a record that was lost. */
export interface Remembered {
  readonly highWaterMark: string | null;
  readonly schemaOwner: string | null;
}

/** What is live, and no own transition put it there. */
export interface Drift {
  readonly live: Revision;
  readonly verified: { readonly version: string; readonly revision: number } | null;
}

export interface Located {
  readonly position: Position;
  readonly drift: Drift | null;
}

/**
 * Where the instance stands, from what is observed and never from records of done steps: with those, a
 * rollback by hand between two runs led to a jump over a minor.
 *
 * The record's verified version counts while it is what runs, or while what came after it is an attempt of our
 * own. Else the live version is all that is known, and it is drift. The mark is the highest version of all
 * that tell one, because it bounds how far the database may go back.
 */
export function locate(
  { history, live, record, edited }: Pick<Observation, "history" | "live" | "record" | "edited">,
  remembered: Remembered,
): Located {
  // What came before a restore tells nothing of the database that there is now.
  const restored = restoredRevision(record, history);
  const lived = history.filter(({ revision }) => revision > restored);
  const isRestored = live !== undefined && live.revision <= restored;
  const verified = verifiedInThisLife(record, history);
  const drift =
    live !== undefined && !isRestored && !isExplained(live, record, verified) ? { live, verified } : null;
  const deployedVersion =
    live === undefined ? null : drift === null ? (verified?.version ?? null) : live.version;
  // What was deployed after the verified revision: also where it was taken back, its pods may still be there.
  const since = lived.filter(({ revision }) => revision > (verified?.revision ?? 0));
  const others = since.map(({ version }) => version).filter((version) => version !== deployedVersion);
  const begun = [...new Set(others)];
  const settled =
    live !== undefined &&
    isVerified(record, live) &&
    edited.length === 0 &&
    live.status === "deployed" &&
    !live.maintenance &&
    record?.restoring == null;
  // An image that was edited may have migrated the database as a deploy would.
  const ran = edited.flatMap(({ version }) => version ?? []);
  const marks = [...lived.map((revision) => revision.version), ...ran];
  return {
    position: {
      deployedVersion,
      schemaOwner: ran.reduce(higher, schemaOwner(since, record === null ? remembered : record)),
      highWaterMark: [
        ...marks,
        record?.highWaterMark ?? null,
        record === null || record.restores.length === 0 ? remembered.highWaterMark : null,
      ].reduce(higher, null),
      settled,
      ...(live === undefined ? {} : { maintenance: live.maintenance }),
      ...(settled || deployedVersion === null ? {} : { begun }),
    },
    drift,
  };
}

/**
 * Whether a revision was there when the database was restored, and so tells nothing of the one that there is now. Once the
 * release was uninstalled, revisions count from 1 again.
 */
export function isBeforeRestore(
  { revision }: Pick<Revision, "revision">,
  record: TransitionRecord | null,
): boolean {
  const restore = record?.restores.at(-1);
  if (restore === undefined || revision > restore.revision) return false;
  return record?.attempts.some((one) => one.at > restore.at && one.revision <= restore.revision) !== true;
}

/**
 * The owner as record or stack tell it, raised by every deploy since the verified one: also one that was made by hand and taken
 * back since may have migrated the database.
 */
function schemaOwner(since: readonly Revision[], told: Pick<Remembered, "schemaOwner">): string | null {
  return since.map(({ version }) => version).reduce(higher, told.schemaOwner);
}

/** Whether what is live is what was verified in this life of the release, or an attempt of our own that came after it. */
function isExplained(
  live: Revision,
  record: TransitionRecord | null,
  verified: TransitionRecord["verified"],
): boolean {
  if (record === null) return false;
  return live.version === verified?.version || openAttemptOf(record, live) !== undefined;
}
