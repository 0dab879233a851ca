import { z } from "zod";
import { storedStep } from "./stored-step";

/**
 * What the ledger keeps in the stack's state, and what the program reads. Absent means none: the engine keeps
 * no nulls. Nothing secret, and nothing that differs from machine to machine.
 */
const version = z.string();

/** The last plan with the ids of its transition. */
export const ledgerPlanSchema = z.object({
  /** Never used twice, so that a step's name never meets the record of an older one. */
  transition: z.number(),
  /** Transitions that work on the same target one after the other share it. */
  lineage: z.number(),
  direction: z.enum(["install", "none", "upgrade", "downgrade", "redeploy", "restore"]),
  from: version.optional(),
  to: version,
  steps: z.array(storedStep),
  /** What is left for another run, where `deploysPerRun` ends this one. */
  later: z.array(storedStep).optional(),
  warnings: z.array(z.string()),
  /** The Helm revision's description; a new one makes the Release deploy what Pulumi believes deployed. */
  description: z.string(),
  highWaterMark: version,
  schemaOwner: version,
  downtime: z.boolean(),
  mayLoseData: z.boolean(),
  /** What `approvedPlan` binds an `up` to. */
  hash: z.string(),
  /** The hash that was approved when this lineage was planned. */
  approved: z.string().optional(),
  /** How long it will roughly take, from earlier deploys of this instance. */
  duration: z.string().optional(),
  /** What the plan restores: a snapshot's id, or what was told of a restore by hand. */
  restore: z.string().optional(),
  /** Helm has the release, and the stack may not: the Release takes it over where it is created. */
  takesOver: z.literal(true).optional(),
  /** The transition whose steps' records go away with this plan. */
  forgets: z.number().optional(),
  /** Why the cluster was not looked at, where the plan was made from the state alone. */
  assumed: z.string().optional(),
});

/** The position that the plan was made from. */
const ledgerPositionSchema = z.object({
  deployedVersion: version.optional(),
  schemaOwner: version.optional(),
  highWaterMark: version.optional(),
  settled: z.boolean(),
  /** The live revision has maintenance on; absent when it is off. */
  maintenance: z.literal(true).optional(),
  /** A restore has stopped the pods, and no deploy has started them since. */
  stopped: z.literal(true).optional(),
  /** The live Helm revision. */
  revision: z.number().optional(),
});

export const ledgerStateSchema = z.object({
  target: z.string(),
  strategy: z.enum(["sequential", "maintenance"]),
  namespace: z.string(),
  releaseName: z.string(),
  /** The database's host and name. */
  database: z.string(),
  /** The UID of the cluster's kube-system namespace. */
  cluster: z.string().optional(),
  /** The last snapshot that was to be restored. */
  restore: z.string().optional(),
  /** The restore by hand that the configuration tells of. */
  restoredTo: z.string().optional(),
  /** The last revision that was to be taken over. */
  adopt: z.number().optional(),
  /** A snapshot method is given. Like the next, it is here for whoever judges the stack, such as a policy pack. */
  snapshots: z.literal(true).optional(),
  /** The loss of data that the configuration accepts, whether the plan needs it or not. */
  acknowledgeDataLoss: z.string().optional(),
  plan: ledgerPlanSchema,
  position: ledgerPositionSchema,
});

/** As the state has it. */
export type StoredState = z.input<typeof ledgerStateSchema>;
export type LedgerPlan = z.infer<typeof ledgerPlanSchema>;
export type LedgerPosition = z.infer<typeof ledgerPositionSchema>;
export type LedgerState = z.infer<typeof ledgerStateSchema>;
