import {
  higher,
  openAttemptOf,
  type Attempt,
  type Restoring,
  type Snapshot,
  type TransitionRecord,
} from "./record";

/** The changes that steps make to the record: each is a pure function of the record before it. */

/** The transition that a change belongs to, with mark and owner as its plan found them. */
interface Transition {
  readonly transition: number;
  readonly lineage: number;
  readonly highWaterMark: string | null;
  readonly schemaOwner: string | null;
}

/**
 * Returns the record as it is written before a deploy begins. The deploy may migrate the database and then die, so mark
 * and owner follow attempts, not successes (R12, R13).
 */
export function withAttempt(
  record: TransitionRecord,
  attempt: Attempt,
  found: Transition,
  isFirst: boolean,
): TransitionRecord {
  return {
    ...withTransition(record, found),
    ...boundsAt(record, found, attempt.version, isFirst),
    attempts: [...record.attempts, { ...attempt, open: true }],
  };
}

/** Returns the record once a transition has begun, even if it deploys nothing: its id is never used again. */
export function withTransition(
  record: TransitionRecord,
  { transition, lineage }: Pick<Transition, "transition" | "lineage">,
): TransitionRecord {
  return {
    ...record,
    transition: Math.max(record.transition, transition),
    lineage: Math.max(record.lineage, lineage),
  };
}

/**
 * Returns mark and owner of a database on which a version is deployed. What the plan found counts too, because a deploy
 * by hand is not on record. The owner that the plan found counts only up to its first deploy, as a later step may have
 * migrated the database down.
 */
export function boundsAt(
  record: TransitionRecord,
  found: Pick<Transition, "highWaterMark" | "schemaOwner">,
  version: string,
  isFirst: boolean,
): { readonly highWaterMark: string; readonly schemaOwner: string } {
  const mark = higher(record.highWaterMark, found.highWaterMark);
  const owner = isFirst ? higher(record.schemaOwner, found.schemaOwner) : record.schemaOwner;
  return { highWaterMark: higher(mark, version) ?? version, schemaOwner: higher(owner, version) ?? version };
}

/** Returns the record once a deploy is verified, with the schema version learned from its release. */
export function withVerified(
  record: TransitionRecord,
  verified: NonNullable<TransitionRecord["verified"]>,
  learned: number | null,
): TransitionRecord {
  // An attempt that was verified before keeps its time; it is only checked again.
  const made = openAttemptOf(record, verified);
  return {
    ...record,
    verified,
    // The pods run again.
    restoring: null,
    attempts: record.attempts.map((attempt) => ({
      ...closed(attempt),
      ...(attempt === made ? { verifiedAt: verified.at } : {}),
    })),
    learned: learned === null ? record.learned : { ...record.learned, [verified.version]: learned },
  };
}

/** Returns the record once a lineage has seen the data migration of a required stop complete. */
export function withDataMigration(
  record: TransitionRecord,
  done: TransitionRecord["dataMigrations"][number],
): TransitionRecord {
  const { version, lineage } = done;
  const others = record.dataMigrations.filter((one) => one.version !== version || one.lineage !== lineage);
  return { ...record, dataMigrations: [...others, done] };
}

/** Returns the record once a snapshot is restored: owner and mark are the snapshot's, and nothing is verified on it. */
export function withRestore(
  record: TransitionRecord,
  restored: TransitionRecord["restores"][number],
  { schemaOwner, highWaterMark }: Pick<Snapshot, "schemaOwner" | "highWaterMark">,
  lineage: number,
): TransitionRecord {
  return {
    ...record,
    transition: Math.max(record.transition, restored.transition),
    lineage,
    highWaterMark,
    schemaOwner,
    verified: null,
    attempts: record.attempts.map(closed),
    restores: [...record.restores, restored],
  };
}

/** Returns the record while a restore has stopped the pods. Its transition has begun, though nothing is deployed. */
export function withRestoring(record: TransitionRecord, restoring: Restoring): TransitionRecord {
  return { ...record, transition: Math.max(record.transition, restoring.transition), restoring };
}

/**
 * Returns the restore that was cut off: begun, and neither done nor given up. A restore that is done stays on record
 * until a deploy is verified, because its pods must still be started.
 */
export function cutOffRestore({
  restoring,
  restores,
}: Pick<TransitionRecord, "restoring" | "restores">): Restoring | null {
  const isDone = restores.some(({ transition }) => transition === restoring?.transition);
  return isDone ? null : restoring;
}

/** Returns the record once it is known that a restore that was cut off has switched over. */
export function withSwitchedOver(
  record: TransitionRecord,
  { snapshot, transition, at: stoppedAt, revision = 0, deployedAt, kept = "" }: Restoring,
  bounds: Pick<Snapshot, "schemaOwner" | "highWaterMark">,
  at: string,
): TransitionRecord {
  const restored = { snapshot, transition, revision, deployedAt, at, stoppedAt, kept: `database ${kept}` };
  // A restore begins a new lineage.
  return withRestore(record, restored, bounds, transition);
}

function closed({ open: _open, ...attempt }: Attempt): Attempt {
  return attempt;
}
