import { z } from "zod";
import { exclusive, filled, objectName, oneOf, seconds, together } from "./parts";

const command = z.array(z.string()).min(1, { error: "must name a program" }).readonly();

/** `pg_dump` in a Job of the cluster, with the connection that the BSR has. */
const pgDumpSchema = z.strictObject({
  /**
   * An image with a shell, `psql`, `pg_dump` and `pg_restore`, of at least the server's major version.
   * @default "docker.io/library/postgres:18"
   */
  image: filled.default("docker.io/library/postgres:18"),
  /**
   * The volume claim that the archives go to, in the instance's namespace. Made when it is missing, and never deleted.
   * @default "bsr-snapshots"
   */
  claim: objectName.default("bsr-snapshots"),
  /**
   * The size of a claim that is made, such as `50Gi`: at least the database's size for every snapshot that is kept.
   * @default "20Gi"
   */
  size: z
    .string()
    .regex(/^[1-9]\d*(Mi|Gi|Ti|M|G|T)?$/, { error: "must be a quantity such as 20Gi" })
    .default("20Gi"),
  /**
   * The storage class of a claim that is made.
   * @default - the cluster's default
   */
  storageClass: objectName.optional(),
  /**
   * How many verified snapshots are kept. Older ones are deleted once a newer one is verified, but never one that was
   * taken before a transition that failed.
   * @unit snapshots
   * @default 5
   */
  keep: z.int().positive({ error: "must be 1 or more" }).default(5),
  /**
   * How an archive is verified: `readable` lists it; `restored` restores it into a scratch database as well, and compares
   * the rows of every table and the schema version. That needs a role with `CREATEDB`, room for a second database on the
   * server, and the time of a restore.
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

/** The user's own commands, run where Pulumi runs and without a shell, for what a cloud's database service offers. */
const commandSchema = z.strictObject({
  /**
   * Takes a snapshot, and writes one line of JSON last: `{"place": "<what finds it again>"}`, and if it can
   * `"bytes"` and `"schemaVersion"`. It is told `BSR_SNAPSHOT_ID`, unique for every snapshot, `BSR_VERSION`,
   * `BSR_MAINTENANCE`, `BSR_DATABASE`, `BSR_NAMESPACE` and `BSR_RELEASE` in its environment.
   */
  take: command,
  /**
   * Run again and again until it ends with exit status 0: the snapshot is available. It is told the same, and
   * `BSR_SNAPSHOT_PLACE`.
   */
  check: command,
  /**
   * Restores a snapshot beside what is there, never over it, and lets `postgres.host` lead to it; nothing of the BSR runs
   * meanwhile. Writes one line of JSON last: `{"kept": "<what was there before>", "schemaVersion": <goose's newest row>}`.
   * It is told the same, and `BSR_SCHEMA_VERSION`, which must come out. It is run again where it was cut off, and must bear
   * that.
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
