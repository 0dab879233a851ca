import { attemptOf, higher, type Attempt, type Snapshot, type TransitionRecord } from "./record";

/** What the steps change in the record: each change is one function of the record before, and of nothing else. */

/** The transition that a change belongs to, with mark and owner as its plan found them. */
interface Transition {
  readonly transition: number;
  readonly lineage: number;
  readonly highWaterMark: string | null;
  readonly schemaOwner: string | null;
}

/**
 * The record before a deploy begins. It may migrate the database and then die, so mark and owner count attempts, not
 * successes (R12, R13). What the plan found counts for its first deploy; a step in between may have taken the owner
 * down since.
 */
export function withAttempt(
  record: TransitionRecord,
  attempt: Attempt,
  { transition, lineage, highWaterMark, schemaOwner }: Transition,
  isFirst: boolean,
): TransitionRecord {
  const { version } = attempt;
  const owner = isFirst ? higher(record.schemaOwner, schemaOwner) : record.schemaOwner;
  return {
    ...record,
    transition: Math.max(record.transition, transition),
    lineage: Math.max(record.lineage, lineage),
    highWaterMark: higher(higher(record.highWaterMark, highWaterMark), version),
    schemaOwner: higher(owner, version),
    attempts: [...record.attempts, attempt],
  };
}

/** The record once a deploy is verified, with the schema version that was learned of its release. */
export function withVerified(
  record: TransitionRecord,
  verified: NonNullable<TransitionRecord["verified"]>,
  learned: number | null,
): TransitionRecord {
  const made = attemptOf(record, verified);
  // One that was verified before keeps its time: it is only looked at again.
  const isNew = made !== undefined && made.at > (record.verified?.at ?? "");
  return {
    ...record,
    verified,
    // The pods run again.
    restoring: null,
    attempts: record.attempts.map((attempt) =>
      isNew && attempt === made ? { ...attempt, verifiedAt: verified.at } : attempt,
    ),
    learned: learned === null ? record.learned : { ...record.learned, [verified.version]: learned },
  };
}

/** The record once the data migration of a required stop has completed, as a lineage has seen it. */
export function withDataMigration(
  record: TransitionRecord,
  done: TransitionRecord["dataMigrations"][number],
): TransitionRecord {
  const { version, lineage } = done;
  const others = record.dataMigrations.filter((one) => one.version !== version || one.lineage !== lineage);
  return { ...record, dataMigrations: [...others, done] };
}

/** The record once the database is a snapshot's: owner and mark are the snapshot's, and nothing is verified on it. */
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
    restores: [...record.restores, restored],
  };
}
