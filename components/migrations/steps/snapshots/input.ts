import { z } from "zod";

/** How a client outside the chart reaches the database; its password is in the Secret that the chart reads. */
export const databaseAccessSchema = z.object({
  host: z.string(),
  port: z.number(),
  database: z.string(),
  user: z.string(),
  /** The Secret with the password under the key `password`. */
  passwordSecret: z.string(),
});

export const pgDumpSchema = z.object({
  kind: z.literal("pgDump"),
  access: databaseAccessSchema,
  image: z.string(),
  pullSecrets: z.array(z.string()),
  claim: z.string(),
  /** The size of a claim that has to be created. */
  size: z.string(),
  storageClass: z.string().nullable(),
  keep: z.number(),
  /** `restored`: restored into a scratch database, and compared. */
  verify: z.enum(["readable", "restored"]),
  timeoutSeconds: z.number(),
});

export const commandSchema = z.object({
  kind: z.literal("command"),
  take: z.array(z.string()).min(1).readonly(),
  check: z.array(z.string()).min(1).readonly(),
  restore: z.array(z.string()).min(1).readonly().nullable(),
  intervalSeconds: z.number(),
  timeoutSeconds: z.number(),
});

/** How snapshots are taken, with everything that a method needs. */
export const methodSchema = z.discriminatedUnion("kind", [pgDumpSchema, commandSchema]);

export type PgDumpInput = z.infer<typeof pgDumpSchema>;
export type CommandInput = z.infer<typeof commandSchema>;
export type MethodInput = z.infer<typeof methodSchema>;
