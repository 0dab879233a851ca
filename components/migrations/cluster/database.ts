import { z } from "zod";

/** The values that say where the database is; they cannot differ from release to release. */
export const databasePaths = ["host", "port", "database", "cloudSqlInstance"].map((key) => `postgres.${key}`);

/** The database's host and name as a chart's values tell them: what the cluster's record belongs to. Never secret. */
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
    const server = postgres.host ?? postgres.cloudSqlInstance ?? "default";
    const port = postgres.port === undefined ? "" : `:${postgres.port}`;
    return `${server}${port}/${postgres.database}`;
  });
