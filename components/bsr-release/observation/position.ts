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
  /** The UID of the kube-system namespace, which identifies the cluster. */
  readonly cluster: string;
  /** Every revision that Helm has, oldest first. */
  readonly history: readonly Revision[];
  /** The newest revision, unless the release was uninstalled. */
  readonly live: Revision | undefined;
  readonly record: TransitionRecord | null;
  /** The other databases that the release has records of, if it has no record of this one. */
  readonly otherRecords: readonly string[];
  /** The images that no longer run as they were verified at the live revision. */
  readonly edited: readonly EditedImage[];
  /** Who works on the instance. */
  readonly holding: Holding | null;
}

/** The mark and the owner that the stack remembers, in case the record is lost. */
export interface Remembered {
  readonly highWaterMark: string | null;
  readonly schemaOwner: string | null;
}

/** A live revision that no transition of this component has deployed. */
export interface Drift {
  readonly live: Revision;
  readonly verified: { readonly version: string; readonly revision: number } | null;
}

export interface Located {
  readonly position: Position;
  readonly drift: Drift | null;
}

/**
 * Finds where the instance stands. It goes by what is observed, never by records of done steps: with those, a rollback
 * by hand between two runs led to a jump over a minor.
 *
 * The record's verified version counts while it is what runs, or while what came after it is an attempt of our own.
 * Otherwise the live version is all that is known, and it is drift. The mark is the highest version that any source
 * names, because it limits how far the database may go back.
 */
export function locate(
  { history, live, record, edited }: Pick<Observation, "history" | "live" | "record" | "edited">,
  remembered: Remembered,
): Located {
  // What came before a restore says nothing about the present database.
  const restored = restoredRevision(record, history);
  const lived = history.filter(({ revision }) => revision > restored);
  const isRestored = live !== undefined && live.revision <= restored;
  const verified = verifiedInThisLife(record, history);
  const drift =
    live !== undefined && !isRestored && !isExplained(live, record, verified) ? { live, verified } : null;
  const deployedVersion =
    live === undefined ? null : drift === null ? (verified?.version ?? null) : live.version;
  // What was deployed after the verified revision. Even if it was rolled back, its pods may still be there.
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
  // An edited image may have migrated the database as a deploy would.
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
 * Returns the owner that the record or the stack names, raised by every deploy since the verified one. Even a deploy
 * that was made by hand and rolled back may have migrated the database.
 */
function schemaOwner(since: readonly Revision[], known: Pick<Remembered, "schemaOwner">): string | null {
  return since.map(({ version }) => version).reduce(higher, known.schemaOwner);
}

/** Whether the live revision has the version verified in this life of the release, or is a later attempt of our own. */
function isExplained(
  live: Revision,
  record: TransitionRecord | null,
  verified: TransitionRecord["verified"],
): boolean {
  if (record === null) return false;
  return live.version === verified?.version || openAttemptOf(record, live) !== undefined;
}
