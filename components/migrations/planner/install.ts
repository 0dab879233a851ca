import { oneMinorDown } from "./downward";
import { deploy, type Move } from "./moves";
import type { Refusal, Snapshot } from "./types";
import { minorOf, minorsAbove, type Version } from "./versions";

/**
 * R2: nothing is deployed.
 *
 * An unused database takes any release. A used one belongs to its owner. Only one deploy can be an install, so
 * no hop can come before it: the target must be in the owner's minor, or one minor below it and then migrated
 * down. `owner - 1 <= target <= owner`, counted in minors.
 */
export function install(owner: Version | null, target: Version): Move[] {
  return owner !== null && minorsAbove(owner, target) === 1 ? oneMinorDown(owner, target) : [deploy(target)];
}

/**
 * R18: restores the snapshot first, then R2 applies to the restored database. The present database is kept beside
 * it, so no snapshot is taken before.
 */
export function restoreFirst(snapshot: Snapshot, moves: readonly Move[]): Move[] {
  return [{ kind: "restore", snapshot }, ...moves];
}

/** R2's refusal, which stands alone: a release further from the owner cannot be the first deploy. */
export function reinstallOwnerFirst(
  owner: Version | null,
  target: Version,
  restore: Snapshot | null,
): Refusal | null {
  if (owner === null) return null;
  const below = minorsAbove(owner, target);
  if (below === 0 || below === 1) return null;
  return {
    code: "reinstall-owner-first",
    found:
      `${restore === null ? "Nothing is deployed, the database" : "The snapshot's database"} belongs to ` +
      `${owner.version}, and the target is ${target.version}.`,
    wanted:
      `The first deploy on a used database is a release of the schema owner's minor ${minorOf(owner)}, or of the ` +
      "minor below it.",
    remedy:
      `Set version to ${owner.version} and run pulumi up, which ` +
      `${restore === null ? "installs the schema owner again" : "restores the snapshot and installs its schema owner"}` +
      `; then set version to ${target.version}.`,
  };
}
