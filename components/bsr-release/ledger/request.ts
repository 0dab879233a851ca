import { z } from "zod";
import { releaseSchema } from "../../migrations/facts";

/** The text that a dynamic provider gets in a preview in place of an unknown value. */
export const unknownMarker = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

/** How to observe the cluster. `check` does not return it, so that it makes no diff and is not in the state. */
export const observeSchema = z.object({
  kubeconfig: z.string().optional(),
  context: z.string().optional(),
  preview: z.boolean(),
  /** Who asks, as the lease names it. */
  stack: z.string(),
  /** The chart's OCI address; `login` is for its registry. */
  chart: z.string(),
  login: z.object({ username: z.string(), password: z.string() }).optional(),
  /** All values, the lowest layer first; the marker stands for what is not known yet. */
  layers: z.array(
    z.object({
      origin: z.string(),
      versions: z.string(),
      values: z.union([z.record(z.string(), z.unknown()), z.literal(unknownMarker)]),
    }),
  ),
  /** Secrets that must already exist. */
  neededSecrets: z.array(z.object({ name: z.string(), keys: z.array(z.string()).readonly() })),
  /** The names of the Secrets that the component makes. */
  madeSecrets: z.array(z.string()),
  /** Whether Jobs in the cluster take the snapshots. */
  usesJobs: z.boolean(),
  /** The given secrets, which no message may show: each a list of texts, or the marker while it is not known. */
  masks: z.array(z.union([z.array(z.string()), z.literal(unknownMarker)])),
  /** Secrets in the cluster, with the keys whose data no message may show. */
  secretKeys: z.array(z.object({ name: z.string(), keys: z.array(z.string()).readonly() })),
});

/** What the program asks of the ledger. */
export const ledgerRequestSchema = z.object({
  target: z.string(),
  strategy: z.enum(["sequential", "maintenance"]),
  namespace: z.string(),
  releaseName: z.string(),
  database: z.string(),
  /** Decides the plan, and is visible in it; `check` does not return it either. */
  policy: z.object({
    allowDowntime: z.boolean(),
    acknowledgeDataLoss: z.string().optional(),
    approvedPlan: z.string().optional(),
    /** The id of the snapshot to restore. */
    restore: z.string().optional(),
    /** `<version>,<schema version>` of a restore that was made by hand. */
    restoredTo: z.string().optional(),
    /** The Helm revision to take over. */
    adopt: z.number().optional(),
    /** The number of deploys after which a run ends. */
    deploysPerRun: z.number().optional(),
    snapshots: z.boolean(),
    /** The stack that versions are promoted from, and what it was found to run. */
    promotion: z
      .object({
        stack: z.string(),
        soak: z.string().optional(),
        override: z.string().optional(),
        /** When the stack was read. */
        readAt: z.string(),
        /** What it has verified, and when; absent if that cannot be read. */
        verified: z.object({ version: z.string(), at: z.string() }).optional(),
        /** Why that cannot be read. */
        unreadable: z.string().optional(),
      })
      .optional(),
    /** Dotted paths of the values given, or the marker while they are unknown. */
    given: z.union([z.array(z.object({ path: z.string(), versions: z.string() })), z.literal(unknownMarker)]),
    releases: z.array(releaseSchema),
  }),
  observe: observeSchema,
});

export type LedgerRequest = z.infer<typeof ledgerRequestSchema>;
