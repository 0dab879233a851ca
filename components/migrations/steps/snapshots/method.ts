import type { Restoring, Snapshot } from "../../cluster/record/record";
import type { Wait } from "../wait";
import type { Context } from "../context";

/** What a method is asked to take. */
export interface Asked {
  /** Unique for ever: a snapshot is never taken over another one. */
  readonly id: string;
  /** The version deployed at that moment. */
  readonly version: string;
  /** Whether maintenance is on: nobody may write while the snapshot is taken. */
  readonly quiet: boolean;
}

/** A snapshot that was taken and verified. */
export type Taken = Pick<Snapshot, "schemaVersion" | "bytes" | "sha256" | "place" | "verified">;

/** What a restore leaves behind. */
export interface Restored {
  /** Where the database from before is kept. */
  readonly kept: string;
  /** The schema version that was read from the restored database. */
  readonly schemaVersion: number;
}

/** The snapshot could not be taken, or cannot be used. */
export class SnapshotError extends Error {}

/** A restore has ended without saying whether it has switched over. */
export class UnknownRestore extends Error {}

/** What a later run has to know of a restore if this run is cut off. */
export type Trace = Pick<Restoring, "kept" | "command">;

/** Puts a trace on record, before anything starts that may switch over. */
export type Note = (trace: Trace) => Promise<void>;

/** A way to take snapshots. To add another one, implement this interface. */
export interface SnapshotMethod {
  /** Checks, before anything is deployed, that a snapshot could be taken or restored. Creates what it needs for it. */
  prepare(context: Context, wait: Wait, restores: boolean): Promise<void>;
  /** @throws SnapshotError */
  take(context: Context, wait: Wait, asked: Asked): Promise<Taken>;
  /**
   * Checks that a snapshot could be restored, while everything still runs; changes nothing.
   *
   * @throws SnapshotError
   */
  checkRestore(context: Context, wait: Wait, snapshot: Snapshot): Promise<void>;
  /**
   * Restores a snapshot beside the present database, never over it, and switches over. Nothing of the BSR runs
   * meanwhile. Until it has switched over, the present database is as it was.
   *
   * @throws SnapshotError if it has not switched over, as far as it can know
   * @throws UnknownRestore if it cannot know
   */
  restore(context: Context, wait: Wait, snapshot: Snapshot, note: Note): Promise<Restored>;
  /**
   * Whether a restore that is over has switched over; `kept` is the name under which it was to keep the old database.
   * Absent if the method cannot find out.
   *
   * @throws SnapshotError
   */
  hasSwitchedOver?(context: Context, wait: Wait, kept: string): Promise<boolean>;
  /** Reads the database's present schema version. Absent if the method has no connection to the database. */
  readSchemaVersion?(context: Context, wait: Wait): Promise<number>;
  /** How many verified snapshots are kept; the others are deleted. Absent if the user deletes them. */
  readonly keep?: number;
  delete?(context: Context, wait: Wait, ids: readonly string[]): Promise<void>;
}
