import { gt, gte, minor } from "semver";
import { emptyRecord, type TransitionRecord } from "../../components/migrations/cluster/record/record";
import { eventsOf } from "../../components/migrations/cluster/record/events";
import { builtInFacts, statusPage, withLearnedSchemaVersions } from "../../components/migrations/facts";
import type { OwnDeploy } from "./deploys";
import type { SchemaAfter } from "./events";

/**
 * Returns the schema version that each verified deploy left, in the order given; `null` if it is not known. A deploy
 * upwards brings the release's own schema version, which a status page has shown if the release has one. A deploy below
 * the owner leaves the schema version as it was, which is known if it was read.
 */
export function schemaVersions(
  deploys: readonly OwnDeploy[],
  record: TransitionRecord | null,
): (SchemaAfter | null)[] {
  const { learned, restores } = record ?? emptyRecord;
  const { releases } = withLearnedSchemaVersions(builtInFacts, learned);
  const events = eventsOf(record ?? emptyRecord);
  let owner: string | null = null;
  let before = "";
  return deploys.map(({ transition, attempt, event: { version, result, at } }) => {
    const since = before;
    before = at;
    if (restores.some((restore) => restore.at > since && restore.at < at)) owner = null;
    const owns = owner === null || !gt(owner, version);
    if (owns || (owner !== null && isBelow(version, owner) && wentDown(transition))) owner = version;
    if (result !== "verified" || attempt === null) return null;
    const brought = releases.find((release) => release.version === version)?.databaseVersion;
    const number = attempt.schemaBefore ?? (owns ? (brought ?? learned[version]) : undefined);
    if (number === undefined) return null;
    return { number, source: gte(version, statusPage.since) ? "status-page" : "assumed" };
  });

  /** Whether a transition migrated the database down. The first records did not say; there it counts as done. */
  function wentDown(transition: number): boolean {
    const own = events.filter((event) => event.transition === transition);
    return own.length === 0 || own.some(({ kind }) => kind === "migratedDown");
  }
}

/** Whether a version is of a lower minor: a database is migrated down only from minor to minor. */
function isBelow(version: string, owner: string): boolean {
  return minor(version) < minor(owner);
}
