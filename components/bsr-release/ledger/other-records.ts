import type { Warning } from "../../migrations/planner";
import type { Observation } from "../observation/position";
import type { LedgerRequest } from "./request";

/**
 * Told where a release begins on a database of which nothing is on record, and the release has had others: the same one
 * may only be spelled differently, and its mark and owner would not count.
 */
export function otherRecords(
  { database, releaseName }: Pick<LedgerRequest, "database" | "releaseName">,
  { otherRecords: others }: Pick<Observation, "otherRecords">,
): Warning[] {
  if (others.length === 0) return [];
  return [
    {
      code: "other-database",
      message:
        `Nothing is on record of the database ${database}, and of release ${releaseName} there is a record of ` +
        `${others.join(" and ")}. If that is the same database, write postgres.host, postgres.port and ` +
        "postgres.database as they were, so that its high-water mark and its schema owner count.",
    },
  ];
}
