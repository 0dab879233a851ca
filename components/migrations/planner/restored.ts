import type { Facts } from "../facts";
import type { Snapshot } from "./types";

/** What a database was restored to, as a person writes it: a version and a schema version. */
export const restoredPattern = /^(.*),([1-9]\d*)$/s;

/**
 * Parses `1.7.0,266` into what the restored database has; `null` for a text that is not such a pair. The planner
 * judges whether the version is exact, as it does for every version.
 */
export function restoredTo(facts: Facts, text: string): Snapshot | null {
  const [, version = "", number] = restoredPattern.exec(text) ?? [];
  const schemaVersion = Number(number);
  if (!Number.isSafeInteger(schemaVersion)) return null;
  const owner = ownerOf(facts, version, schemaVersion);
  return { version, schemaVersion, schemaOwner: owner, highWaterMark: owner };
}

/**
 * A database beyond its release's own schema version belongs to the lowest release that has that number or a higher
 * one. A migration up that was cut off leaves the database between two releases, and only the upper one knows its
 * schema. The table's numbers never fall, so that release is the upper one.
 */
function ownerOf({ releases }: Facts, version: string, schemaVersion: number): string {
  const own = releases.find((release) => release.version === version)?.databaseVersion ?? null;
  if (own === null || schemaVersion <= own) return version;
  const knows = (known: number | null) => known !== null && known >= schemaVersion;
  return releases.find(({ databaseVersion }) => knows(databaseVersion))?.version ?? version;
}
