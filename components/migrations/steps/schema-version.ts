import type { Revision } from "../cluster/helm/history";
import type { Context } from "./context";
import { readCurrentSchema, schemaProblems } from "./health";
import type { Expectation } from "./input";
import { methodOf } from "./snapshots";
import type { Wait } from "./wait";

/**
 * Reads the schema version that the database has now: from the status page of a running pod, else over the snapshot
 * method's connection. Returns `null` if there is neither.
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

/** What Postgres itself shows after a deploy. */
export interface Schema {
  readonly current: number;
  /** What is wrong with it; empty if it is what the deploy must leave. */
  readonly problems: readonly string[];
}

/**
 * Reads the schema version after a deploy of a release that has no status page yet (R6). Returns `null` if there is no
 * connection to Postgres, or if the release has no schema version (1.0.0).
 */
export async function schemaAfterDeploy(
  context: Context,
  expected: Pick<Expectation, "schemaVersion" | "keepsSchema">,
  schemaBefore: number | null,
  wait: Wait,
): Promise<Schema | null> {
  const { method } = context.setting;
  const target = expected.schemaVersion;
  if (method === null || target === null) return null;
  const current = await methodOf(method).readSchemaVersion?.(context, wait);
  if (current === undefined) return null;
  return { current, problems: schemaProblems({ current, target }, expected, schemaBefore) };
}
