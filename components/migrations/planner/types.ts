/**
 * The planner's input and output: plain, read-only data in the words of docs/rules.md.
 * Versions are exact `major.minor.patch` strings; order is always numeric.
 */

/** How a way up over three or more minors is walked (R8). */
export type Strategy = "sequential" | "maintenance";

/** What is observed before planning. */
export interface Position {
  /** The version that was last deployed AND verified; `null` when nothing is deployed. */
  readonly deployedVersion: string | null;
  /** The release whose migrations the database has now; `null` when it was never used. */
  readonly schemaOwner: string | null;
  /** The highest version ever attempted on this database; `null` when it was never used. */
  readonly highWaterMark: string | null;
  /** The live Helm revision is the verified one and maintenance is off. */
  readonly settled: boolean;
  /**
   * Whether the live revision has maintenance on (it is then not settled). A wait for a data migration never runs
   * while it is on (R7). Left out where it is not observed; then it counts as off.
   */
  readonly maintenance?: boolean;
  /**
   * Versions whose deploy was begun since the deployed one was verified: their pods may still serve. Left out where
   * that is not observed.
   */
  readonly begun?: readonly string[];
}

/** A value that the user gives to a range of releases, by its dotted path in the chart's values. */
export interface GivenValue {
  readonly path: string;
  /** A semver range; `*` for every release. */
  readonly versions: string;
}

/** A snapshot and the state of its database when it was taken (R18). */
export interface Snapshot {
  /** The version that was deployed when it was taken. */
  readonly version: string;
  readonly schemaVersion: number;
  readonly schemaOwner: string;
  readonly highWaterMark: string;
  /** It has already been restored by hand. */
  readonly byHand?: true;
}

/** What the user asks for. */
export interface Request {
  readonly target: string;
  readonly strategy: Strategy;
  readonly allowDowntime: boolean;
  /** `"<high-water mark>-><target>"`, or `null` when nothing is acknowledged (R12). */
  readonly acknowledgeDataLoss: string | null;
  /** Whether a snapshot method is given (R9). */
  readonly snapshots: boolean;
  /** The values given, for the contracts of the releases on the way (R15). */
  readonly given: readonly GivenValue[];
  /** The snapshot to restore first (R18); none when left out. */
  readonly restore?: Snapshot | null;
}

/** What the lineage has finished and need not be done twice (R17). */
export interface Finished {
  /** Versions of required stops whose data migration is known to have completed. */
  readonly dataMigrations: readonly string[];
  /** The version at which a snapshot was taken that no user could write after; `null` when there is none. */
  readonly snapshot: string | null;
}

export type Step =
  /** Restore the snapshot that was taken at `version` and switch over to it, or accept that it was done (R18). */
  | {
      readonly kind: "restore";
      readonly version: string;
      readonly schemaVersion: number;
      readonly byHand?: true;
    }
  /** Deploy a release and verify it (R6). */
  | { readonly kind: "deploy"; readonly version: string; readonly maintenance: boolean }
  /** Take a snapshot; `version` is the one deployed at that moment (R9). */
  | { readonly kind: "snapshot"; readonly version: string }
  /** Wait until the data migration of a required stop has completed (R7). */
  | { readonly kind: "awaitDataMigration"; readonly version: string }
  /** Migrate the database down with the schema owner's binary (R11). */
  | { readonly kind: "migrateDown"; readonly binary: string; readonly schemaVersion: number };

export type Direction = "install" | "none" | "upgrade" | "downgrade" | "redeploy" | "restore";

export interface Warning {
  readonly code: string;
  readonly message: string;
}

/** A transition's steps, with what a reviewer wants to know first. */
export interface Plan {
  readonly outcome: "plan";
  readonly direction: Direction;
  readonly from: string | null;
  readonly to: string;
  /** What the plan uses: `maintenance` if any step has maintenance on. */
  readonly strategy: Strategy;
  readonly steps: readonly Step[];
  readonly warnings: readonly Warning[];
  /** The mark after the plan. */
  readonly highWaterMark: string;
  /** The schema owner after the plan. */
  readonly schemaOwner: string;
  /** A deploy has maintenance on, or a snapshot is restored. */
  readonly downtime: boolean;
  /** The plan migrates down, or restores a snapshot. */
  readonly mayLoseData: boolean;
}

/** Why a plan is not made: what was found, what was wanted, and what to do. */
export interface Refusal {
  readonly code: string;
  readonly found: string;
  readonly wanted: string;
  readonly remedy: string;
}

export interface Refused {
  readonly outcome: "refused";
  readonly refusals: readonly Refusal[];
}

export type Outcome = Plan | Refused;
