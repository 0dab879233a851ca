import { InvalidArgumentError } from "commander";
import type { Facts } from "../components/migrations/facts";
import type { Snapshot } from "../components/migrations/planner";

/** The snapshot that `1.7.0,266` names. Whether its version is one is for the planner to say, as of every version. */
export function snapshotOf(facts: Facts, text: string): Snapshot {
  const [, version = "", number] = /^(.*),([1-9]\d*)$/s.exec(text) ?? [];
  const schemaVersion = Number(number);
  if (!Number.isSafeInteger(schemaVersion)) {
    throw new InvalidArgumentError("It needs a version and a schema version, as in 1.7.0,266.");
  }
  const owner = ownerOf(facts, version, schemaVersion);
  return { version, schemaVersion, schemaOwner: owner, highWaterMark: owner };
}

/**
 * A database beyond its release's own schema version belongs to the lowest release that has brought that number.
 * The table's numbers never fall, so that release is above.
 */
function ownerOf({ releases }: Facts, version: string, schemaVersion: number): string {
  const own = releases.find((release) => release.version === version)?.databaseVersion ?? null;
  if (own === null || schemaVersion <= own) return version;
  return releases.find(({ databaseVersion }) => databaseVersion === schemaVersion)?.version ?? version;
}
