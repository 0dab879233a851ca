import { builtInFacts, withLearnedSchemaVersions } from "../../components/migrations/facts";
import type { PodPage } from "./observe";

/** The number of the database's newest migration, and how it is known. */
export type SchemaVersion =
  | { readonly source: "status-page"; readonly current: number; readonly target: number }
  /** No status page shows it, so it is that of the schema owner. */
  | { readonly source: "assumed"; readonly current: number };

/** Returns the schema version from a status page, else that of the schema owner; `null` if it is not known. */
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
