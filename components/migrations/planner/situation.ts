import type { Position, Request, Snapshot } from "./types";
import { highest, parseExact, type Version } from "./versions";
import type { WrittenVersions } from "./written";

/** The position with every version parsed and every bound enforced: mark >= owner >= deployed version. */
export interface Situation {
  /** The deployed version before anything is done. */
  readonly from: Version | null;
  /** The version that the path starts at: none when a snapshot is restored first (R18). */
  readonly deployed: Version | null;
  readonly owner: Version | null;
  readonly mark: Version | null;
  readonly settled: boolean;
  readonly inMaintenance: boolean;
  /** Versions whose pods may still serve beside the deployed version's; `null` where that is not observed. */
  readonly begun: readonly Version[] | null;
  readonly restore: Snapshot | null;
}

/**
 * Raises what is missing or lower than it can be (R13): a deployed release has migrated the database, so the
 * owner is at least that release; and the owner was attempted, so the mark is at least the owner. Nothing is
 * ever lowered. With nothing deployed, a missing owner stays unknown.
 *
 * R18: a restored database has the bounds from when the snapshot was taken, and nothing is deployed on it.
 */
export function raised(
  position: Position,
  { restore = null }: Request,
  { snapshot, ...present }: WrittenVersions,
): Situation {
  const bounds = snapshot ?? present;
  const owner = higherOf(bounds.owner.version, bounds.deployed.version);
  return {
    from: present.deployed.version,
    deployed: snapshot === null ? present.deployed.version : null,
    owner,
    mark: higherOf(bounds.mark.version, owner),
    settled: position.settled,
    inMaintenance: position.maintenance === true,
    begun: position.begun?.flatMap((version) => parseExact(version) ?? []) ?? null,
    restore,
  };
}

export function higherOf(a: Version | null, b: Version | null): Version | null {
  if (a === null || b === null) return a ?? b;
  return highest(a, b);
}
