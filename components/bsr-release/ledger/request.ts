import { z } from "zod";
import { releaseSchema } from "../../migrations/facts";

/** What an unknown value is to a dynamic provider in a preview. */
export const unknownMarker = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

/** Only how to observe: dropped from what `check` returns, so that it makes no diff and stays in no state. */
export const observeSchema = z.object({
  kubeconfig: z.string().optional(),
  context: z.string().optional(),
  preview: z.boolean(),
  /** Who asks, as the lease names it. */
  stack: z.string(),
  /** The chart's OCI address, with the log-in of its registry. */
  chart: z.string(),
  login: z.object({ username: z.string(), password: z.string() }).optional(),
  /** All values, the lowest layer first; what is not known yet is the marker. */
  layers: z.array(
    z.object({
      origin: z.string(),
      versions: z.string(),
      values: z.union([z.record(z.string(), z.unknown()), z.literal(unknownMarker)]),
    }),
  ),
  /** Secrets that must be there already. */
  neededSecrets: z.array(z.object({ name: z.string(), keys: z.array(z.string()).readonly() })),
  /** The names of the Secrets that the component makes. */
  madeSecrets: z.array(z.string()),
  /** Snapshots are taken by Jobs of the cluster. */
  usesJobs: z.boolean(),
  /** What no message may hold, as it is given: each a list of texts, or the marker while it is not known. */
  masks: z.array(z.union([z.array(z.string()), z.literal(unknownMarker)])),
  /** Secrets in the cluster of which no message may hold what stands under these keys. */
  secretKeys: z.array(z.object({ name: z.string(), keys: z.array(z.string()).readonly() })),
});

/** What the program asks of the ledger. */
export const ledgerRequestSchema = z.object({
  target: z.string(),
  strategy: z.enum(["sequential", "maintenance"]),
  namespace: z.string(),
  releaseName: z.string(),
  database: z.string(),
  /** Decides the plan, and shows in it; dropped as well. */
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
    /** After how many deploys a run ends. */
    deploysPerRun: z.number().optional(),
    snapshots: z.boolean(),
    /** The stack that versions are promoted from, and what it was found to run. */
    promotion: z
      .object({
        stack: z.string(),
        soak: z.string().optional(),
        override: z.string().optional(),
        /** When the stack was asked. */
        readAt: z.string(),
        /** What it has verified, and when; absent where that cannot be told. */
        verified: z.object({ version: z.string(), at: z.string() }).optional(),
        /** Why not. */
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
