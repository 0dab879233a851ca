import semver from "semver";
import { builtInFacts } from "../../../components/migrations/facts";

/** What is true of the releases in a walk, whatever the product knows: 1.0.0 has a schema version too. */
const schemaVersions = new Map(
  builtInFacts.releases.map(({ version, databaseVersion }) => [version, databaseVersion ?? 170]),
);

/** The required stop that the laws watch. */
export const stop = "1.7";

export function schemaOf(version: string): number {
  const own = schemaVersions.get(version);
  if (own === undefined) throw new Error(`the walk runs ${version}, which is no release`);
  return own;
}

/** The release that brought a schema version, or was about to when it broke half-way. */
export function releaseOfSchema(schema: number): string {
  return [...schemaVersions].find(([, own]) => own >= schema)?.[0] ?? "1.23.0";
}

export function minor(version: string): number {
  return semver.minor(version);
}

export function minorsApart(a: string, b: string): number {
  return Math.abs(minor(a) - minor(b));
}

export function highest(a: string | null, b: string | null): string | null {
  if (a === null || b === null) return a ?? b;
  return semver.gte(a, b) ? a : b;
}

export function isAboveStop(version: string): boolean {
  return minor(version) > minor(`${stop}.0`);
}
