import { z } from "zod";
import { methodSchema } from "./snapshots/input";

/**
 * The last argument of a step when only something changed that its work does not depend on, such as a rotated
 * kubeconfig or password. The step then does nothing and returns its previous result.
 */
export const resultStands = "nothing to do, the last result stands";

/** The values of one deploy, which helm gets on standard input. */
const values = z.record(z.string(), z.unknown());

/** The digest of the manifest that a chart must have, or `null` for any. */
const digest = z.string().nullable();

/** What a verification has to find (R6). */
const expectation = {
  version: z.string(),
  /** The release's own schema version; `null` if it is not known yet. */
  schemaVersion: z.number().nullable(),
  /** Whether the release has a status page at all. */
  statusPage: z.boolean(),
  /** Whether the database belongs to a newer release: its migrations then stay as they are and are not judged. */
  keepsSchema: z.boolean(),
  /** Whether it is deployed with maintenance on: calls must then be refused (R8). */
  maintenance: z.boolean(),
  /** Status items not to wait for. */
  acceptUnhealthy: z.array(z.string()).readonly(),
  timeoutSeconds: z.number().positive(),
};

/** What must be live before a deploy may begin. */
const precondition = {
  /** The Helm revision that was live when the plan was made; `null` when nothing was deployed. */
  plannedAtRevision: z.number().nullable(),
  /** The version that the previous step verified; `null` for the first deploy of a plan. */
  after: z.string().nullable(),
};

/** How the binary of a schema owner is run, if the owner's manifest does not show it by itself. */
const bufdChoiceSchema = z.object({
  /** The workload whose pods run bufd; `null` for the only one that has the container. */
  workload: z.string().nullable(),
  container: z.string(),
  /**
   * The command to which the schema version is appended; `null` for the container's own program and `migratedownto`.
   */
  command: z.array(z.string()).min(1).readonly().nullable(),
  /** Init containers that are needed, and containers that must run beside bufd. */
  initContainers: z.array(z.string()).readonly(),
  sidecars: z.array(z.string()).readonly(),
  timeoutSeconds: z.number().positive(),
});

/** A migration down that follows a deploy (R11). */
const downSchema = z.object({
  /** The schema owner, whose binary is used. */
  binary: z.string(),
  /** The schema version that the database must reach. */
  schemaVersion: z.number(),
  /** The highest schema version that the owner knows; `null` if it is not known yet. */
  ownSchemaVersion: z.number().nullable(),
  /** The owner's values and its chart's manifest, in case Helm no longer has its revision. */
  values,
  digest,
  choice: bufdChoiceSchema,
});

export const preflightSchema = z.object({
  kind: z.literal("preflight"),
  /** Where the transition begins and ends; `null` when nothing is deployed. */
  from: z.string().nullable(),
  to: z.string(),
  /** Every deploy on the path, with the values that its chart will get. */
  deploys: z.array(z.object({ version: z.string(), values, digest })),
  /** Secrets that must already exist. */
  secrets: z.array(z.object({ name: z.string(), keys: z.array(z.string()).readonly() })),
  /** Whether the path migrates the database down. */
  migratesDown: z.boolean(),
  /** How snapshots will be taken; `null` if the path takes none. */
  snapshots: methodSchema.nullable(),
  /** Whether the path restores a snapshot. */
  restores: z.boolean(),
});

export const deploySchema = z.object({
  kind: z.literal("deploy"),
  ...expectation,
  ...precondition,
  values,
  digest,
  /** The migration down that follows; `null` if there is none. */
  down: downSchema.nullable(),
});

/** Runs after a deploy that the database has to follow down. */
export const migrateDownSchema = z.object({
  kind: z.literal("migrateDown"),
  ...expectation,
  down: downSchema,
  /** Whether another deploy follows: if so, only this step verifies the release as the database's owner. */
  isHop: z.boolean(),
});

export const awaitDataMigrationSchema = z.object({
  kind: z.literal("awaitDataMigration"),
  version: z.string(),
  ...precondition,
  /** The user's own check; it has exit status 0 once the data migration has completed. */
  check: z.array(z.string()).min(1).readonly().nullable(),
  /** Whether the configuration says that it has completed. */
  confirmed: z.boolean(),
  intervalSeconds: z.number().positive(),
  timeoutSeconds: z.number().positive(),
});

export const snapshotSchema = z.object({
  kind: z.literal("snapshot"),
  version: z.string(),
  ...precondition,
  /** Whether it is taken while maintenance is on. */
  maintenance: z.boolean(),
  /** The schema version that it must have; `null` if a newer release may have migrated the database. */
  schemaVersion: z.number().nullable(),
  method: methodSchema,
});

export const restoreSchema = z.object({
  kind: z.literal("restore"),
  version: z.string(),
  ...precondition,
  /** The snapshot's id in the cluster's record, or the name of a restore by hand. */
  snapshot: z.string(),
  /** What was restored by hand and only has to be accepted. */
  byHand: z
    .object({
      version: z.string(),
      schemaVersion: z.number(),
      schemaOwner: z.string(),
      highWaterMark: z.string(),
    })
    .nullable(),
  method: methodSchema,
});

/**
 * Runs before the Release makes the last deploy: it has the same precondition as a hop, and puts the attempt on record.
 */
export const gateSchema = z.object({
  kind: z.literal("gate"),
  ...expectation,
  ...precondition,
  digest,
  down: downSchema.nullable(),
  /** Whether the Release may have to be created although Helm already has it. */
  takesOver: z.boolean(),
});

/** Runs after the Release has made the last deploy. */
export const verifySchema = z.object({ kind: z.literal("verify"), ...expectation });

export const stepSchema = z.discriminatedUnion("kind", [
  preflightSchema,
  deploySchema,
  awaitDataMigrationSchema,
  snapshotSchema,
  restoreSchema,
  gateSchema,
  verifySchema,
  migrateDownSchema,
]);

/** Where a step works, and for which stack and transition. */
export const settingSchema = z.object({
  kubeconfig: z.string().optional(),
  context: z.string().optional(),
  namespace: z.string(),
  release: z.string(),
  chart: z.string(),
  /** The login for the chart's registry; this machine's when absent. */
  login: z.object({ username: z.string(), password: z.string() }).optional(),
  /** The database's host, port and name: a record belongs to one database. */
  database: z.string(),
  /** The configured snapshot method, which may also query the database itself; `null` for none. */
  method: methodSchema.nullable(),
  /** The mark and the owner as the plan found them, in case the record is lost. */
  highWaterMark: z.string().nullable(),
  schemaOwner: z.string().nullable(),
  stack: z.string(),
  transition: z.number(),
  lineage: z.number(),
  /** How many deploys the transition has. */
  deploys: z.number(),
  /** Strings that must not appear in any line of output. */
  secrets: z.array(z.string()),
  /** Secrets of the namespace whose values under these keys must not appear in any line of output either. */
  secretKeys: z.array(z.object({ name: z.string(), keys: z.array(z.string()).readonly() })),
});

export const inputSchema = z.object({ setting: settingSchema, step: stepSchema });

export type Setting = z.infer<typeof settingSchema>;
export type Step = z.infer<typeof stepSchema>;
export type StepInput = z.infer<typeof inputSchema>;
export type PreflightStep = z.infer<typeof preflightSchema>;
export type DeployStep = z.infer<typeof deploySchema>;
export type AwaitDataMigrationStep = z.infer<typeof awaitDataMigrationSchema>;
export type SnapshotStep = z.infer<typeof snapshotSchema>;
export type RestoreStep = z.infer<typeof restoreSchema>;
export type GateStep = z.infer<typeof gateSchema>;
export type MigrateDownStep = z.infer<typeof migrateDownSchema>;
export type Down = z.infer<typeof downSchema>;
export type BufdChoice = z.infer<typeof bufdChoiceSchema>;
export type VerifyStep = z.infer<typeof verifySchema>;
export type Expectation = Omit<VerifyStep, "kind">;
export type Precondition = Pick<GateStep, "plannedAtRevision" | "after" | "version">;
