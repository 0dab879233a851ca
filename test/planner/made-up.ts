import type { Contract, Facts } from "../../components/migrations/facts";

/** Facts for a made-up table: `{ "1.4.0": 40, "1.5.0": null }` is two releases, one without a schema version. */
export function factsOf(
  releases: Readonly<Record<string, number | null>>,
  stops: readonly string[] = [],
  contracts: readonly Contract[] = [],
): Facts {
  return {
    releases: Object.entries(releases).map(([version, databaseVersion]) => ({
      version,
      databaseVersion,
      released: null,
      minimumCliVersion: null,
      chartDigest: null,
      notes: [],
      source: null,
    })),
    requiredStops: stops.map((minor) => ({
      minor,
      awaits: "dataMigration" as const,
      reason: "made up",
      source: "made up",
    })),
    contracts,
  };
}
