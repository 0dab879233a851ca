import { acknowledgementText, type Acknowledgement } from "./acknowledgement";
import { deploy, migratesDown, type Move } from "./moves";
import type { ReleaseTable } from "./release-table";
import type { Refusal } from "./types";
import { minorOf, minorsAbove, type Version } from "./versions";
import type { Written } from "./written";

/**
 * R10: one deploy within the owner's minor. The database and its owner stay as they are, because the older
 * patch cannot undo what the newer one brought.
 */
export function sameMinorDown(target: Version): Move[] {
  return [deploy(target)];
}

/** R11: deploy the target, then take the database down to it with the only binary that can, the owner's. */
export function oneMinorDown(owner: Version, target: Version): Move[] {
  return [deploy(target), { kind: "migrateDown", binary: owner, to: target }];
}

/**
 * R11 and R12: the way down from the owner to a target of a lower minor.
 *
 * For every minor m with target < m < owner, from the highest: R11 to the newest patch of m. Then R11 to the
 * target. Each migration down is done by the release that owns the database at that moment, so the binary of
 * each is the target of the one before it. The newest patch is used because it has the fixes for its own way down.
 * Minors without a release are skipped here and refused by R1 (`unknown-path`).
 */
export function minorByMinorDown(table: ReleaseTable, owner: Version, target: Version): Move[] {
  const moves: Move[] = [];
  let current = owner;
  if (owner.major === target.major) {
    for (let minor = owner.minor - 1; minor > target.minor; minor -= 1) {
      const between = table.newestPatch(owner.major, minor);
      if (between === undefined) continue;
      moves.push(...oneMinorDown(current, between));
      current = between;
    }
  }
  return [...moves, ...oneMinorDown(current, target)];
}

/** R12: whether the path migrates down to more than one minor below the mark's minor. */
export function needsAcknowledgement(mark: Version | null, target: Version, moves: readonly Move[]): boolean {
  return mark !== null && migratesDown(moves) && minorsAbove(mark, target) > 1;
}

/** R12: refuses the way down unless exactly this loss, from this mark to this target, is acknowledged. */
export function belowHighWaterMark(
  mark: Version | null,
  target: Version,
  moves: readonly Move[],
  acknowledgement: Written<Acknowledgement>,
): Refusal | null {
  if (mark === null || !needsAcknowledgement(mark, target, moves)) return null;
  const acknowledged = acknowledgement.version;
  if (acknowledged?.mark.version === mark.version && acknowledged.target.version === target.version)
    return null;
  const other = acknowledgement.text === null ? "" : `, and acknowledgeDataLoss is "${acknowledgement.text}"`;
  return {
    code: "below-high-water-mark",
    found:
      `The way to ${target.version} migrates the database down to the minor ${minorOf(target)}, and the ` +
      `high-water mark, the highest version ever attempted on it, is ${mark.version}${other}.`,
    wanted: lowestAllowed(mark),
    remedy:
      `Restore a snapshot that was taken at ${target.version}. If there is none and you accept the loss of data, ` +
      `set acknowledgeDataLoss to "${acknowledgementText(mark, target)}".`,
  };
}

function lowestAllowed(mark: Version): string {
  return mark.minor === 0
    ? `A database is migrated down at most one minor below its high-water mark, and ${minorOf(mark)} is the first ` +
        "minor of its major."
    : `A database is migrated down at most one minor below its high-water mark: to ` +
        `${mark.major}.${mark.minor - 1} here.`;
}

/** R14: refuses a migration down to a schema version that is not known. */
export function unknownSchemaVersion(table: ReleaseTable, moves: readonly Move[]): Refusal[] {
  return moves.flatMap((move) => {
    if (move.kind !== "migrateDown" || schemaVersion(table, move.to) !== null) return [];
    const { version } = move.to;
    const newest = table.newestPatch(move.to.major, move.to.minor);
    const other =
      newest === undefined || schemaVersion(table, newest) === null
        ? ""
        : ` Otherwise set version to ${newest.version}.`;
    return [
      {
        code: "unknown-schema-version",
        found: `The way migrates the database down to ${version}, and the schema version of ${version} is not known.`,
        wanted: "A database is migrated down only to a release whose schema version is known.",
        remedy:
          `If the database version of ${version} can be found, add ${version} with it as databaseVersion under the ` +
          `configuration key releases.${other}`,
      },
    ];
  });
}

/** Returns the number of a release's newest migration; `null` while it is not known. */
export function schemaVersion(table: ReleaseTable, version: Version): number | null {
  return table.release(version)?.databaseVersion ?? null;
}
