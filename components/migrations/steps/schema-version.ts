import type { Revision } from "../cluster/helm/history";
import type { Context } from "./context";
import { readCurrentSchema } from "./health";
import { methodOf } from "./snapshots";
import type { Wait } from "./wait";

/**
 * The schema version that the database has now: from the status page of a pod that runs, else with the snapshot
 * method's connection. `null` where neither is there.
 */
export async function readSchemaVersion(
  context: Context,
  live: Revision | undefined,
  wait: Wait,
): Promise<number | null> {
  const { method } = context.setting;
  const shown = await wait.read(() => readCurrentSchema(context, live));
  if (shown !== null || method === null) return shown;
  return (await methodOf(method).readSchemaVersion?.(context, wait)) ?? null;
}
