import type { Snapshot, TransitionRecord } from "./record";

/** What a user is shown of a snapshot: enough to choose the one to go back to, and to find it. */
export type SnapshotSummary = Pick<
  Snapshot,
  "id" | "version" | "schemaVersion" | "at" | "bytes" | "place" | "method" | "maintenance"
>;

/** The snapshots on record, oldest first. */
export function snapshotSummaries({ snapshots }: Pick<TransitionRecord, "snapshots">): SnapshotSummary[] {
  return snapshots.map(({ id, version, schemaVersion, at, bytes, place, method, maintenance }) => ({
    id,
    version,
    schemaVersion,
    at,
    bytes,
    place,
    method,
    maintenance,
  }));
}
