/** The number of the database's newest migration, and how it is known. */
export interface SchemaAfter {
  readonly number: number;
  /** `assumed`: the release brings it, but has no status page that shows it. */
  readonly source: "status-page" | "assumed";
}

/** A deploy of our own. */
export interface DeployEvent {
  readonly kind: "deploy";
  readonly at: string;
  /** When it was verified or failed; `null` if that is not known. */
  readonly ended: string | null;
  readonly version: string;
  readonly revision: number;
  readonly maintenance: boolean;
  /** `open`: it was not verified and no failure is on record, so it is under way, or its run was killed. */
  readonly result: "verified" | "failed" | "open";
  /** Why it failed, as the run or Helm reported it. */
  readonly why: string | null;
  /** Helm's status of the revision; `null` if Helm has no such revision, or no longer. */
  readonly helm: string | null;
  /** The schema version after a verified deploy; `null` if it is not known. */
  readonly schemaVersion: SchemaAfter | null;
}

export interface SnapshotEvent {
  readonly kind: "snapshot";
  readonly at: string;
  readonly id: string;
  /** The version that was deployed. */
  readonly version: string;
  readonly schemaVersion: number | null;
  readonly bytes: number | null;
  readonly maintenance: boolean;
}

/** The data migration of a required stop was seen to be complete. */
export interface DataMigrationEvent {
  readonly kind: "data-migration";
  readonly at: string;
  readonly version: string;
  /** When the stop was verified and the wait began; `null` if that is not on record. */
  readonly since: string | null;
}

export interface MigrateDownEvent {
  readonly kind: "migrate-down";
  readonly at: string;
  readonly ended: string;
  /** The release that has owned the database since. */
  readonly version: string;
  readonly binary: string;
  readonly from: number | null;
  readonly to: number;
}

export interface RestoreEvent {
  readonly kind: "restore";
  /** When the pods began to be stopped, or, if that is not on record, when the restore was over. */
  readonly at: string;
  readonly ended: string;
  readonly snapshot: string;
  /** Where the database from before is kept. */
  readonly kept: string;
}

/** The failure of a step that is not a deploy, or of one that had not begun to deploy. */
export interface FailureEvent {
  readonly kind: "failure";
  readonly at: string;
  readonly step: string;
  readonly version: string;
  readonly why: string;
}

/** A revision that no transition made. */
export interface ByHandEvent {
  readonly kind: "by-hand";
  /** `null` if Helm does not show it. */
  readonly at: string | null;
  readonly version: string;
  readonly revision: number;
  readonly maintenance: boolean;
  readonly helm: string;
  readonly description: string;
}

/** The stack's Release deployed the same version with other values. */
export interface ValuesEvent {
  readonly kind: "values";
  readonly at: string | null;
  readonly version: string;
  readonly revision: number;
  readonly helm: string;
}

/** Something that happened to an instance. */
export type HistoryEvent =
  | DeployEvent
  | SnapshotEvent
  | DataMigrationEvent
  | MigrateDownEvent
  | RestoreEvent
  | FailureEvent
  | ByHandEvent
  | ValuesEvent;

/** Returns an event's time in milliseconds; an event without a time comes first. */
export function timeOf({ at }: Pick<HistoryEvent, "at">): number {
  return at === null ? -Infinity : Date.parse(at);
}

/** Returns when an event was over, as far as that is known. */
export function endOf(event: HistoryEvent): string | null {
  return "ended" in event && event.ended !== null ? event.ended : event.at;
}

export function inOrder<T extends Pick<HistoryEvent, "at">>(events: readonly T[]): T[] {
  return [...events].sort((one, other) => timeOf(one) - timeOf(other) || 0);
}
