import { z } from "zod";
import { ArgumentError } from "./args";
import { words } from "./args/parts";
import type { Values } from "./values";

/** The part of the chart's values that says where the database is. */
const databaseSchema = z.object({
  postgres: z
    .object({
      host: z.string().optional(),
      port: z.union([z.number(), z.string()]).optional(),
      cloudSqlInstance: z.string().optional(),
      database: z.string().default("postgres"),
    })
    .prefault({}),
});

/** The values that must not differ from release to release: another database on the way is another instance. */
export const databasePaths = ["host", "port", "database", "cloudSqlInstance"].map((key) => `postgres.${key}`);

/**
 * The database's host and name, to which the cluster's record belongs; never a secret.
 *
 * @throws ArgumentError when what stands there cannot name a database
 */
export function databaseName(values: Values): string {
  const parsed = databaseSchema.safeParse(values, { error: words });
  if (!parsed.success) {
    throw new ArgumentError(parsed.error.issues.map(({ path, message }) => `${path.join(".")}: ${message}`));
  }
  const { postgres } = parsed.data;
  const server = postgres.host ?? postgres.cloudSqlInstance ?? "default";
  const port = postgres.port === undefined ? "" : `:${postgres.port}`;
  return `${server}${port}/${postgres.database}`;
}
