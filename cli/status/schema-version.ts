import { builtInFacts, withLearnedSchemaVersions } from "../../components/migrations/facts";
import type { PodPage } from "./observe";

/** The number of the database's newest migration, and how it is known. */
export type SchemaVersion =
  | { readonly source: "status-page"; readonly current: number; readonly target: number }
  /** No status page tells it: it is that of the schema owner. */
  | { readonly source: "assumed"; readonly current: number };

/** The schema version as a status page tells it, else as the schema owner brings it; `null` where nobody knows it. */
export function schemaVersionOf(
  pages: readonly PodPage[],
  schemaOwner: string | null,
  learned: Readonly<Record<string, number>>,
): SchemaVersion | null {
  const told = pages.find(({ page }) => page?.migrations != null)?.page?.migrations;
  if (told != null) return { source: "status-page", ...told };
  const { releases } = withLearnedSchemaVersions(builtInFacts, learned);
  const known = releases.find(({ version }) => version === schemaOwner)?.databaseVersion;
  const current = known ?? (schemaOwner === null ? undefined : learned[schemaOwner]);
  return current === undefined ? null : { source: "assumed", current };
}
