import type { Snapshot, TransitionRecord } from "../../cluster/record/record";

/**
 * Returns the snapshots of a method that may be deleted once a newer one is verified: all but the newest `keep`. A
 * snapshot that was taken before a transition that failed always stays, as it may be the only way back. Snapshots of
 * another method stay too, as this one can neither find nor delete them.
 */
export function outdated(
  { snapshots: all, attempts }: TransitionRecord,
  method: Snapshot["method"],
  keep: number,
): Snapshot[] {
  const snapshots = all.filter((snapshot) => snapshot.method === method);
  const failed = new Set(
    attempts.filter(({ verifiedAt }) => verifiedAt === undefined).map(({ lineage }) => lineage),
  );
  return snapshots
    .slice(0, Math.max(0, snapshots.length - Math.max(1, keep)))
    .filter(({ lineage, beforeFailure }) => !beforeFailure && !failed.has(lineage));
}

/** Marks the snapshots with what the attempts say of them now, for when those attempts are forgotten. */
export function markedSnapshots({ snapshots, attempts }: TransitionRecord): Snapshot[] {
  return snapshots.map((snapshot) => ({
    ...snapshot,
    beforeFailure:
      snapshot.beforeFailure ||
      attempts.some(({ lineage, verifiedAt }) => lineage === snapshot.lineage && verifiedAt === undefined),
  }));
}
