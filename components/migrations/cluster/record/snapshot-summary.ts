/** What a user is shown of a snapshot: enough to choose the one to go back to, and to find it. */
export interface SnapshotSummary {
  readonly id: string;
  /** The version that was deployed when it was taken. */
  readonly version: string;
  /** That of the database in it; `null` where the method cannot tell. */
  readonly schemaVersion: number | null;
  /** When it was taken; ISO 8601. */
  readonly at: string;
  /** Its size; `null` where the method cannot tell. */
  readonly bytes: number | null;
  /** Where it lies, as its method names it. */
  readonly place: string;
  /** The method that took it. */
  readonly method: "pgDump" | "command";
  /** Maintenance was on, so that nobody could write. */
  readonly maintenance: boolean;
}

/** The snapshots on record, oldest first. */
export function snapshotSummaries({
  snapshots,
}: {
  readonly snapshots: readonly SnapshotSummary[];
}): SnapshotSummary[] {
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
