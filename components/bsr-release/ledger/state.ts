import { z } from "zod";
import { storedStep } from "./stored-step";

/**
 * What the ledger keeps in the stack's state, and what the program reads. It is neither secret nor different from
 * machine to machine. A key is absent if it has no value, as the engine keeps no nulls.
 */
const version = z.string();

/** The last plan with the ids of its transition. */
export const ledgerPlanSchema = z.object({
  /** Never used twice, so that no step has the name of an older one on record. */
  transition: z.number(),
  /** Shared by consecutive transitions to the same target. */
  lineage: z.number(),
  direction: z.enum(["install", "none", "upgrade", "downgrade", "redeploy", "restore"]),
  from: version.optional(),
  to: version,
  steps: z.array(storedStep),
  /** The steps left for later runs, if `deploysPerRun` ends this one. */
  later: z.array(storedStep).optional(),
  warnings: z.array(z.string()),
  /** The Helm revision's description. A new one makes the Release deploy even what Pulumi believes is deployed. */
  description: z.string(),
  highWaterMark: version,
  schemaOwner: version,
  downtime: z.boolean(),
  mayLoseData: z.boolean(),
  /** The plan's hash, to which `approvedPlan` binds an `up`. */
  hash: z.string(),
  /** The hash that was approved when this lineage was planned. */
  approved: z.string().optional(),
  /** Roughly how long the plan will take, from earlier deploys of this instance. */
  duration: z.string().optional(),
  /** What the plan restores: a snapshot's id, or the text of `restoredTo`. */
  restore: z.string().optional(),
  /** Helm has the release, and the stack may not: the Release takes it over when it is created. */
  takesOver: z.literal(true).optional(),
  /** The transition whose steps' records are deleted with this plan. */
  forgets: z.number().optional(),
  /** Why the cluster was not looked at, if the plan was made from the state alone. */
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
  /** The database's host, port and name. */
  database: z.string(),
  /** The UID of the cluster's kube-system namespace. */
  cluster: z.string().optional(),
  /** The last snapshot that was to be restored. */
  restore: z.string().optional(),
  /** The last restore by hand that the configuration named. */
  restoredTo: z.string().optional(),
  /** The last revision that was to be taken over. */
  adopt: z.number().optional(),
  /** A snapshot method is given. Like the next key, it is here for a judge of the stack, such as a policy pack. */
  snapshots: z.literal(true).optional(),
  /** The loss of data that the configuration accepts, whether the plan needs it or not. */
  acknowledgeDataLoss: z.string().optional(),
  plan: ledgerPlanSchema,
  position: ledgerPositionSchema,
});

/** The ledger's state as it is stored, with each step as text. */
export type StoredState = z.input<typeof ledgerStateSchema>;
export type LedgerPlan = z.infer<typeof ledgerPlanSchema>;
export type LedgerPosition = z.infer<typeof ledgerPositionSchema>;
export type LedgerState = z.infer<typeof ledgerStateSchema>;
