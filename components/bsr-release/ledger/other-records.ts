import type { Warning } from "../../migrations/planner";
import type { Observation } from "../observation/position";
import type { LedgerRequest } from "./request";

/**
 * Warns when a release begins on a database without a record, but has records of other databases. It may be the same
 * database spelled differently, and then its mark and owner would not count.
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
        `There is no record of the database ${database}, but release ${releaseName} has a record of ` +
        `${others.join(" and ")}. If that is the same database, write postgres.host, postgres.port and ` +
        "postgres.database as they were, so that its high-water mark and its schema owner count.",
    },
  ];
}
