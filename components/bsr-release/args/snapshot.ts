import { z } from "zod";
import { exclusive, filled, objectName, oneOf, seconds, together } from "./parts";

const command = z.array(z.string()).min(1, { error: "must name a program" }).readonly();

/** `pg_dump` in a Job in the cluster, with the BSR's connection to the database. */
const pgDumpSchema = z.strictObject({
  /**
   * An image with a shell, `psql`, `pg_dump` and `pg_restore`, of the server's major version or a newer one.
   * @default "docker.io/library/postgres:18"
   */
  image: filled.default("docker.io/library/postgres:18"),
  /**
   * The volume claim for the archives, in the instance's namespace. It is created if it is missing, and never deleted.
   * @default "bsr-snapshots"
   */
  claim: objectName.default("bsr-snapshots"),
  /**
   * The size of a claim that is created, such as `50Gi`: at least the database's size for every snapshot that is kept.
   * @default "20Gi"
   */
  size: z
    .string()
    .regex(/^[1-9]\d*(Mi|Gi|Ti|M|G|T)?$/, { error: "must be a quantity such as 20Gi" })
    .default("20Gi"),
  /**
   * The storage class of a claim that is created.
   * @default - the cluster's default
   */
  storageClass: objectName.optional(),
  /**
   * How many verified snapshots are kept. Older ones are deleted once a newer one is verified. One that was taken
   * before a failed transition is never deleted.
   * @unit snapshots
   * @default 5
   */
  keep: z.int().positive({ error: "must be 1 or more" }).default(5),
  /**
   * How an archive is verified: `readable` lists its contents; `restored` also restores it into a scratch database and
   * compares the rows of every table and the schema version. That needs a role with `CREATEDB`, space for a second
   * database on the server, and the time of a restore.
   * @default "readable"
   */
  verify: z.enum(["readable", "restored"]).default("readable"),
  /**
   * Time that one snapshot may take until it is verified.
   * @unit seconds
   * @default 3600
   */
  timeoutSeconds: seconds.default(3600),
});

/** The user's own commands, run where Pulumi runs and without a shell; for the snapshots of a cloud's database service. */
const commandSchema = z.strictObject({
  /**
   * Takes a snapshot. Its last line of output is JSON: `{"place": "<what finds it again>"}`, and if it can, also
   * `"bytes"` and `"schemaVersion"`. Its environment has `BSR_SNAPSHOT_ID`, unique for every snapshot, `BSR_VERSION`,
   * `BSR_MAINTENANCE`, `BSR_DATABASE`, `BSR_NAMESPACE` and `BSR_RELEASE`.
   */
  take: command,
  /**
   * Is repeated until it ends with exit status 0, which means that the snapshot is available. Its environment also has
   * `BSR_SNAPSHOT_PLACE`.
   */
  check: command,
  /**
   * Restores a snapshot beside the present database, never over it, and makes `postgres.host` lead to it; no pod of the
   * BSR runs meanwhile. Its last line of output is JSON: `{"kept": "<what was there before>", "schemaVersion": <goose's
   * newest row>}`. Its environment also has `BSR_SCHEMA_VERSION`, which the restored database must have. After an
   * interruption it is run again, so it must be safe to repeat.
   * @default - none: snapshots are restored by hand
   */
  restore: command.optional(),
  /**
   * Time between two runs of the check.
   * @unit seconds
   * @default 10
   */
  intervalSeconds: seconds.default(10),
  /**
   * Time that one snapshot may take until it is available.
   * @unit seconds
   * @default 3600
   */
  timeoutSeconds: seconds.default(3600),
});

/** How snapshots of the database are taken. */
export const snapshotSchema = together(
  z.strictObject({
    /**
     * Archives of `pg_dump` on a volume claim of the cluster; `{}` takes all defaults.
     * @default - none; give it, or `command`
     */
    pgDump: pgDumpSchema.optional(),
    /**
     * The user's own commands, such as those of Cloud SQL, RDS or Azure.
     * @default - none; give it, or `pgDump`
     */
    command: commandSchema.optional(),
  }),
  exclusive("pgDump", "command"),
  oneOf("pgDump", "command"),
);
