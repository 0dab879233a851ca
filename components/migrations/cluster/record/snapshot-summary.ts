/** What a user sees of a snapshot: enough to choose the one to go back to, and to find it. */
export interface SnapshotSummary {
  readonly id: string;
  /** The version that was deployed when it was taken. */
  readonly version: string;
  /** The schema version of the database in it; `null` if the method does not report it. */
  readonly schemaVersion: number | null;
  /** When it was taken; ISO 8601. */
  readonly at: string;
  /** Its size; `null` if the method does not report it. */
  readonly bytes: number | null;
  /** Where it is, as its method names the place. */
  readonly place: string;
  /** The method that took it. */
  readonly method: "pgDump" | "command";
  /** Whether maintenance was on, so that nobody could write. */
  readonly maintenance: boolean;
}

/** Returns the snapshots on record, oldest first. */
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
