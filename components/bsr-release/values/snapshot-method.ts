import * as pulumi from "@pulumi/pulumi";
import { z } from "zod";
import { isWhole } from "../../migrations/steps/snapshots/database-names";
import type { MethodInput } from "../../migrations/steps/snapshots/input";
import { ArgumentError, type CheckedArgs } from "../args";
import { nameTooLong } from "../args/postgres";
import { documentedSecrets } from "../secrets/documented";
import { alwaysValues, type Layer } from "./values";

/** The database connection in the chart's values, with the chart's defaults. */
const connectionSchema = z.object({
  postgres: z.object({
    host: z.string(),
    port: z.coerce.number().default(5432),
    database: z.string().default("postgres"),
    user: z.string().default("postgres"),
  }),
  imagePullSecrets: z.array(z.object({ name: z.string() })).default([]),
});

/** Returns what the steps need to know of the snapshot method, or `null` if none is given. */
export function snapshotMethod(
  { snapshot }: CheckedArgs,
  layers: readonly Layer[],
): pulumi.Output<MethodInput | null> {
  const { pgDump, command } = snapshot ?? {};
  if (command !== undefined)
    return pulumi.output<MethodInput>({ kind: "command", ...command, restore: command.restore ?? null });
  if (pgDump === undefined) return pulumi.output(null);
  return alwaysValues(layers).apply((values): MethodInput => {
    const parsed = connectionSchema.safeParse(values);
    if (!parsed.success) {
      throw new ArgumentError([
        "snapshot.pgDump: needs postgres.host; for a Cloud SQL instance give snapshot.command",
      ]);
    }
    const { postgres, imagePullSecrets } = parsed.data;
    if (!isWhole(postgres.database)) throw new ArgumentError([`postgres.database: ${nameTooLong}`]);
    return {
      kind: "pgDump",
      access: { ...postgres, passwordSecret: documentedSecrets.postgres },
      pullSecrets: imagePullSecrets.map(({ name }) => name),
      ...pgDump,
      storageClass: pgDump.storageClass ?? null,
    };
  });
}
