import type { Restoring, Snapshot } from "../../cluster/record/record";
import type { Wait } from "../wait";
import type { Context } from "../context";

/** What a method is asked to take. */
export interface Asked {
  /** Unique for ever: a snapshot is never taken over another one. */
  readonly id: string;
  /** The version deployed at that moment. */
  readonly version: string;
  /** Maintenance is on: nobody may write while the snapshot is taken. */
  readonly quiet: boolean;
}

/** A snapshot that was taken and verified. */
export type Taken = Pick<Snapshot, "schemaVersion" | "bytes" | "sha256" | "place" | "verified">;

/** What a restore has left. */
export interface Restored {
  /** Where what was there before is kept. */
  readonly kept: string;
  /** The schema version that was read from the restored database. */
  readonly schemaVersion: number;
}

/** The snapshot could not be taken, or what was taken is of no use. */
export class SnapshotError extends Error {}

/** A restore has ended, and does not tell whether it has switched over. */
export class UnknownRestore extends Error {}

/** What a later run has to know of a restore, where this one is cut off. */
export type Trace = Pick<Restoring, "kept" | "command">;

/** Puts a trace on record: before anything is begun that may switch over. */
export type Note = (trace: Trace) => Promise<void>;

/** A way to take snapshots. Another one is another implementation, and nothing else. */
export interface SnapshotMethod {
  /** Checks before anything is deployed that a snapshot could be taken, or restored; makes what it needs for it. */
  prepare(context: Context, wait: Wait, restores: boolean): Promise<void>;
  /** @throws SnapshotError */
  take(context: Context, wait: Wait, asked: Asked): Promise<Taken>;
  /**
   * Checks, while everything still runs, that a snapshot could be restored; changes nothing.
   * @throws SnapshotError
   */
  checkRestore(context: Context, wait: Wait, snapshot: Snapshot): Promise<void>;
  /**
   * Restores a snapshot beside the present database, never over it, and switches over. Nothing of the BSR runs
   * meanwhile. Until it has switched over, the present database is as it was.
   * @throws SnapshotError where it has not switched over, as far as it can tell
   * @throws UnknownRestore where it cannot
   */
  restore(context: Context, wait: Wait, snapshot: Snapshot, note: Note): Promise<Restored>;
  /**
   * Whether a restore that is over has switched over, by what it was going to keep. Absent where nothing can tell.
   * @throws SnapshotError
   */
  hasSwitchedOver?(context: Context, wait: Wait, kept: string): Promise<boolean>;
  /** The schema version that the database has now. Absent where the method has no connection to it. */
  readSchemaVersion?(context: Context, wait: Wait): Promise<number>;
  /** How many verified snapshots are kept; the others are deleted. Absent where the user sees to that. */
  readonly keep?: number;
  delete?(context: Context, wait: Wait, ids: readonly string[]): Promise<void>;
}
