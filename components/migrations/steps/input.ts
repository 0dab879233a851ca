import { z } from "zod";
import { methodSchema } from "./snapshots/input";

/**
 * The text of a step, its last argument, where something changed that its work does not depend on, such as a rotated
 * kubeconfig or password: it does nothing and answers what it answered before.
 */
export const resultStands = "nothing to do, the last result stands";

/** The values of one deploy: what helm gets on standard input. */
const values = z.record(z.string(), z.unknown());

/** The manifest that a chart must have, or `null` for any. */
const digest = z.string().nullable();

/** What a verification has to find (R6). */
const expectation = {
  version: z.string(),
  /** The release's own schema version; `null` while nobody knows it. */
  schemaVersion: z.number().nullable(),
  /** Whether the release has a status page at all. */
  statusPage: z.boolean(),
  /** The database belongs to a newer release: its migrations stay as they are and are not judged. */
  keepsSchema: z.boolean(),
  /** Deployed with maintenance on: calls must be refused (R8). */
  maintenance: z.boolean(),
  /** Status items not to wait for. */
  acceptUnhealthy: z.array(z.string()).readonly(),
  timeoutSeconds: z.number().positive(),
};

/** What must be live before a deploy may begin. */
const precondition = {
  /** The Helm revision that was live when the plan was made; `null` when nothing was deployed. */
  plannedAtRevision: z.number().nullable(),
  /** The version that the step before has verified; `null` for the first deploy of a plan. */
  after: z.string().nullable(),
};

/** How the binary of a schema owner is run, where the owner's manifest does not tell by itself. */
const bufdChoiceSchema = z.object({
  /** The workload whose pods run bufd; `null` for the only one that has the container. */
  workload: z.string().nullable(),
  container: z.string(),
  /** What the schema version is appended to; `null` for the container's own program and `migratedownto`. */
  command: z.array(z.string()).min(1).readonly().nullable(),
  /** Init containers that are needed, and containers that run beside. */
  initContainers: z.array(z.string()).readonly(),
  sidecars: z.array(z.string()).readonly(),
  timeoutSeconds: z.number().positive(),
});

/** A migration down, which follows a deploy (R11). */
const downSchema = z.object({
  /** The schema owner, whose binary it takes. */
  binary: z.string(),
  /** Where the database has to come to. */
  schemaVersion: z.number(),
  /** The highest that the owner knows; `null` while nobody knows it. */
  ownSchemaVersion: z.number().nullable(),
  /** The owner's values and its chart's manifest, for when Helm has forgotten its revision. */
  values,
  digest,
  choice: bufdChoiceSchema,
});

export const preflightSchema = z.object({
  kind: z.literal("preflight"),
  /** Where the transition begins and ends; `null` when nothing is deployed. */
  from: z.string().nullable(),
  to: z.string(),
  /** Every deploy on the way, with the values that its chart will get. */
  deploys: z.array(z.object({ version: z.string(), values, digest })),
  /** Secrets that must be there already. */
  secrets: z.array(z.object({ name: z.string(), keys: z.array(z.string()).readonly() })),
  /** The way migrates the database down. */
  migratesDown: z.boolean(),
  /** How snapshots will be taken; `null` where the way takes none. */
  snapshots: methodSchema.nullable(),
  /** The way restores one. */
  restores: z.boolean(),
});

export const deploySchema = z.object({
  kind: z.literal("deploy"),
  ...expectation,
  ...precondition,
  values,
  digest,
  /** The migration down that follows; `null` where none does. */
  down: downSchema.nullable(),
});

/** After a deploy that the database has to follow down. */
export const migrateDownSchema = z.object({
  kind: z.literal("migrateDown"),
  ...expectation,
  down: downSchema,
  /** Another deploy follows: nothing after it verifies this one as the database's owner. */
  isHop: z.boolean(),
});

export const awaitDataMigrationSchema = z.object({
  kind: z.literal("awaitDataMigration"),
  version: z.string(),
  ...precondition,
  /** The user's own check; it has exit status 0 once the data migration has completed. */
  check: z.array(z.string()).min(1).readonly().nullable(),
  /** The configuration says that it has completed. */
  confirmed: z.boolean(),
  intervalSeconds: z.number().positive(),
  timeoutSeconds: z.number().positive(),
});

export const snapshotSchema = z.object({
  kind: z.literal("snapshot"),
  version: z.string(),
  ...precondition,
  /** Taken while maintenance is on. */
  maintenance: z.boolean(),
  /** The schema version that it must have; `null` where a newer release may have migrated the database. */
  schemaVersion: z.number().nullable(),
  method: methodSchema,
});

export const restoreSchema = z.object({
  kind: z.literal("restore"),
  version: z.string(),
  ...precondition,
  /** The snapshot's id in the cluster's record, or the name of a restore by hand. */
  snapshot: z.string(),
  /** What was restored by hand, and is only to be accepted. */
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

/** Before the Release makes the last deploy: the same precondition as a hop, and the attempt on record. */
export const gateSchema = z.object({
  kind: z.literal("gate"),
  ...expectation,
  ...precondition,
  digest,
  down: downSchema.nullable(),
  /** The Release may have to be created where Helm has it already. */
  takesOver: z.boolean(),
});

/** After the Release has made the last deploy. */
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

/** Where a step works and for whom. */
export const settingSchema = z.object({
  kubeconfig: z.string().optional(),
  context: z.string().optional(),
  namespace: z.string(),
  release: z.string(),
  chart: z.string(),
  /** The log-in of the chart's registry; this machine's when absent. */
  login: z.object({ username: z.string(), password: z.string() }).optional(),
  /** The database's host and name: a record belongs to one database. */
  database: z.string(),
  /** The snapshot method that is configured, which may also ask the database itself; `null` for none. */
  method: methodSchema.nullable(),
  /** Mark and owner as the plan found them, for a record that was lost. */
  highWaterMark: z.string().nullable(),
  schemaOwner: z.string().nullable(),
  stack: z.string(),
  transition: z.number(),
  lineage: z.number(),
  /** How many deploys the transition has. */
  deploys: z.number(),
  /** Strings that no line of output may hold. */
  secrets: z.array(z.string()),
  /** Secrets of the namespace of which no line may hold what stands under these keys either. */
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
