import { z } from "zod";
import { isWhole, longestName } from "../../migrations/steps/snapshots/database-names";
import { exclusive, filled, input, needs, objectName, port, secret, together } from "./parts";

/** The problem with a database's name that is too long: Postgres would cut it and take another database for it. */
export const nameTooLong = `must have at most ${longestName} bytes, as Postgres cuts longer names`;

/** How the BSR reaches Postgres: a host with a password, or a Cloud SQL instance. */
export const postgresSchema = together(
  z.strictObject({
    /**
     * The host name or address of the Postgres server. With `port` and `database` it identifies the database that the
     * cluster's record belongs to, so it cannot change later.
     * @default - none; give it, or `cloudSqlInstance`
     */
    host: input(filled).optional(),
    /**
     * The server's port.
     * @unit TCP port
     * @default - the chart's: 5432
     */
    port: input(port).optional(),
    /**
     * The database's name. The database needs the extensions pgcrypto and pg_trgm. The name cannot change later.
     * @default - the chart's: "postgres"
     */
    database: input(filled.refine(isWhole, { error: nameTooLong })).optional(),
    /**
     * The role that the BSR logs in as. It needs all rights on the database, and the right to create the extensions.
     * @default - the chart's: "postgres"
     */
    user: input(filled).optional(),
    /**
     * The role's password. The component makes the Secret `bufd-postgres` from it.
     * @default - none: the Secret must exist, or the login needs no password
     */
    password: secret(filled).optional(),
    /**
     * The name of a Secret in the instance's namespace that has the password under the key `password`.
     * @default "bufd-postgres"
     */
    passwordSecret: objectName.optional(),
    /**
     * The most connections that one pod opens to the server.
     * @unit connections
     * @default - the chart's: 10
     */
    maxConnections: input(z.int().positive({ error: "must be 1 or more" })).optional(),
    /**
     * The connection name of a Cloud SQL instance, `project:region:instance`, which is reached with the pods'
     * own Google identity in place of host and password.
     * @default - none
     */
    cloudSqlInstance: input(filled).optional(),
    /**
     * The Google service account that the pods act as to reach the Cloud SQL instance.
     * @default - the pods' own
     */
    impersonateServiceAccount: input(filled).optional(),
  }),
  exclusive("host", "cloudSqlInstance"),
  exclusive("port", "cloudSqlInstance"),
  exclusive("password", "cloudSqlInstance"),
  exclusive("passwordSecret", "cloudSqlInstance"),
  exclusive("password", "passwordSecret"),
  needs("impersonateServiceAccount", "cloudSqlInstance"),
);
