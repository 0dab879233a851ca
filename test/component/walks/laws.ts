import { isUnmigrated, type Cluster, type Database, type Pods } from "./cluster";
import { isAboveStop, minor, minorsApart, releaseOfSchema, schemaOf, stop } from "./releases";

export class LawBroken extends Error {}

/** The laws that do not hold of a cluster now, in words that stay the same while nothing about it changes. */
export function broken(cluster: Cluster): string[] {
  const own = cluster.serving.filter((pods) => !cluster.isHandMade(pods));
  return [
    ...servingTogether(own),
    ...unknownSchema(own, cluster.database),
    ...jumpedMinors(cluster),
    ...jumpedStop(cluster),
    ...lostRows(cluster),
  ];
}

/** Pods of two minors that are not neighbours never serve on one database. */
function servingTogether(serving: readonly Pods[]): string[] {
  return serving.flatMap((one) =>
    serving
      .filter((other) => minor(other.version) - minor(one.version) > 1)
      .map((other) => `${one.version} and ${other.version} serve together`),
  );
}

/** What serves knows the schema: its own migrations are there, and none of more than one minor above (R11). */
function unknownSchema(serving: readonly Pods[], { schema }: Database): string[] {
  return serving.flatMap(({ version }) => {
    const brought = releaseOfSchema(schema);
    if (schema < schemaOf(version))
      return [`${version} serves without its migrations, at those of ${brought}`];
    return minor(brought) - minor(version) > 1 ? [`${version} serves on the schema of ${brought}`] : [];
  });
}

/** A release migrates from the minor below; a jump is out of maintenance, and into an empty database any. */
function jumpedMinors({ rollout, database: { schema } }: Cluster): string[] {
  if (rollout === null || rollout.jump || schema === 0 || schema >= schemaOf(rollout.version)) return [];
  const from = releaseOfSchema(schema);
  return minorsApart(from, rollout.version) > 1 ? [`${rollout.version} migrates from ${from}`] : [];
}

/** No release above a required stop touches data that the stop has not migrated. */
function jumpedStop({ rollout, serving, database }: Cluster): string[] {
  if (!isUnmigrated(database)) return [];
  const touching = [...serving, ...(rollout === null || rollout.stage === "starting" ? [] : [rollout])];
  return touching.some(({ version }) => isAboveStop(version)) ? [`the required stop ${stop} is jumped`] : [];
}

/** Nothing is deployed on a restored database before the record says so: it would be taken for the one of before. */
function lostRows({ rollout, isOnRecord }: Cluster): string[] {
  if (rollout === null || isOnRecord) return [];
  return [`${rollout.version} is deployed on a restored database that is on no record`];
}
