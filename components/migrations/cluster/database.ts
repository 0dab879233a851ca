import { z } from "zod";

/** The values that say where the database is; they cannot differ from release to release. */
export const databasePaths = ["host", "port", "database", "cloudSqlInstance"].map((key) => `postgres.${key}`);

/** The port that the chart connects to when none is given. */
const usualPort = 5432;

/**
 * Reads the database's host, port and name from a chart's values. The cluster's record belongs to them. They are never
 * secret. The usual port is always named, so that giving it explicitly makes no difference.
 */
export const databaseName = z
  .object({
    postgres: z
      .object({
        host: z.string().optional(),
        port: z.union([z.number(), z.string()]).optional(),
        cloudSqlInstance: z.string().optional(),
        database: z.string().default("postgres"),
      })
      .prefault({}),
  })
  .transform(({ postgres }) => {
    const { host, cloudSqlInstance, database, port = usualPort } = postgres;
    const server = host === undefined ? cloudSqlInstance : undefined;
    return `${server ?? `${host ?? "default"}:${port}`}/${database}`;
  });
