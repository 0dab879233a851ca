import type { Position } from "./types";
import { highest, type Version } from "./versions";
import type { WrittenVersions } from "./written";

/** The position with every version parsed and every bound kept: mark >= owner >= deployed version. */
export interface Situation {
  readonly deployed: Version | null;
  readonly owner: Version | null;
  readonly mark: Version | null;
  readonly settled: boolean;
  readonly inMaintenance: boolean;
}

/**
 * Raises what is missing or lower than it can be (R13): a deployed release has migrated the database, so the
 * owner is at least that release; and the owner was attempted, so the mark is at least the owner. Nothing is
 * ever lowered. With nothing deployed, nothing says who the owner is, and it stays unknown.
 */
export function raised(position: Position, written: WrittenVersions): Situation {
  const deployed = written.deployed.version;
  const owner = higherOf(written.owner.version, deployed);
  return {
    deployed,
    owner,
    mark: higherOf(written.mark.version, owner),
    settled: position.settled,
    inMaintenance: position.maintenance === true,
  };
}

export function higherOf(a: Version | null, b: Version | null): Version | null {
  if (a === null || b === null) return a ?? b;
  return highest(a, b);
}
