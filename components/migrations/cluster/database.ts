import { z } from "zod";

/** The values that say where the database is; they cannot differ from release to release. */
export const databasePaths = ["host", "port", "database", "cloudSqlInstance"].map((key) => `postgres.${key}`);

/** What the chart connects to where no port is given. */
const usualPort = 5432;

/**
 * The database's host, port and name as a chart's values tell them: what the cluster's record belongs to. Never secret.
 * The usual port is named too, so that it makes no difference whether it is given.
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
