import { z } from "zod";
import data from "./status-page.json";
import { exactVersion } from "./schema";

const statusPageSchema = z.strictObject({
  /** The first release whose bufd has a status page (R6). */
  since: exactVersion,
  /** The port of bufd's pods that serves it without authentication. */
  port: z.int().positive(),
  reason: z.string().min(1),
  source: z.url(),
});

/** Where and since when a running BSR tells its health and its schema version. */
export const statusPage = statusPageSchema.parse(data);
