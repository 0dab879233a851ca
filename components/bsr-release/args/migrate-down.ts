import { z } from "zod";
import { bufdContainer } from "../../migrations/facts";
import { filled, objectName, seconds } from "./parts";

/** How bufd's binary is run as a Job, as far as its release's manifest leaves it open. */
export const migrateDownSchema = z.strictObject({
  /**
   * The Deployment or StatefulSet of the chart whose pods run bufd.
   * @default - the only one that has the container
   */
  workload: objectName.optional(),
  /**
   * The container in these pods that runs bufd.
   * @default "bufd"
   */
  container: filled.default(bufdContainer),
  /**
   * The command that migrates down; the schema version is appended to it.
   * @default - the first word of the container's own command, then `migratedownto`
   * @see https://buf.build/docs/bsr/admin/on-prem/upgrade/
   */
  command: z.array(z.string()).min(1, { error: "must name a program" }).readonly().optional(),
  /**
   * Init containers of these pods that must run before it. The others do not run, as one of them may migrate up.
   * @default []
   */
  initContainers: z.array(filled).readonly().default([]),
  /**
   * Containers of these pods that must run beside it, such as a proxy to the database. They run as sidecars, which
   * Kubernetes ends with it (1.29 and later).
   * @default []
   */
  sidecars: z.array(filled).readonly().default([]),
  /**
   * Time that one migration down may take.
   * @unit seconds
   * @default 3600
   */
  timeoutSeconds: seconds.default(3600),
});
