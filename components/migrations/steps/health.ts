import { reasonOf, statusOf } from "../cluster/connection";
import type { Revision } from "../cluster/helm/history";
import { hasStatusPage, readStatusPage, type StatusPage } from "../cluster/pods/status-page";
import {
  matches,
  newPods,
  observeRunning,
  workloadsOf,
  type Running,
  type Workload,
} from "../cluster/pods/workloads";
import { bufdContainer } from "../facts";
import type { Context } from "./context";
import type { Expectation } from "./input";

/** What the status pages of an instance say, taken together. */
export interface Health {
  /** What is not as it must be; empty once the deploy is healthy. */
  readonly problems: readonly string[];
  /** The schema version that the release migrates to. */
  readonly target: number | null;
  /** How far the migrations are, in words; `null` if no page says it. */
  readonly schema: string | null;
}

/** Thrown when no pod could ever serve a status page. */
export class NoStatusPage extends Error {}

/** Reads the status page of every bufd pod. It lists the pods again each time, as some may have been replaced. */
export async function readHealth(
  context: Context,
  expected: Expectation,
  present: readonly Workload[],
  schemaBefore: number | null,
): Promise<Health> {
  const { cluster, setting } = context;
  const pods = bufdPods(await observeRunning(cluster, setting.namespace), present);
  if (pods.length === 0) {
    throw new NoStatusPage(`no pod has a container ${bufdContainer}, so there is no status page to read`);
  }
  const judged = await Promise.all(
    pods.map(async (pod) => {
      try {
        const page = await readStatusPage(cluster, setting.namespace, pod);
        return { problems: problemsOf(page, expected, schemaBefore), migrations: page.migrations };
      } catch (error) {
        // A page may still come; a permission will not.
        if ([401, 403].includes(statusOf(error) ?? 0)) throw error;
        return { problems: [`status page of ${pod}: ${reasonOf(error)}`], migrations: null };
      }
    }),
  );
  const migrations = judged.find((one) => one.migrations !== null)?.migrations ?? null;
  return {
    problems: [...new Set(judged.flatMap((one) => one.problems))],
    target: migrations?.target ?? null,
    schema: migrations === null ? null : schemaText(migrations, expected),
  };
}

function schemaText(
  { current, target }: NonNullable<StatusPage["migrations"]>,
  expected: Expectation,
): string {
  return current === target || expected.keepsSchema
    ? `schema version ${current}`
    : `schema version ${current}, migrating to ${target}`;
}

/** Reads the schema version that the running BSR shows; `null` if it has no status page yet. */
export async function readCurrentSchema(
  context: Context,
  live: Revision | undefined,
): Promise<number | null> {
  if (live === undefined) return null;
  // A pod that an unfinished rollout is about to replace also shows what the database has.
  const workloads = workloadsOf(live.manifest);
  const { pods } = await observeRunning(context.cluster, context.setting.namespace);
  const present = pods.filter((pod) => workloads.some(({ selector }) => matches(selector, pod)));
  for (const pod of present.filter(hasStatusPage).map(({ metadata }) => metadata?.name ?? "")) {
    const page = await readStatusPage(context.cluster, context.setting.namespace, pod).catch(() => null);
    if (page?.migrations != null) return page.migrations.current;
  }
  return null;
}

function bufdPods(running: Running, present: readonly Workload[]): string[] {
  return present
    .flatMap((workload) => newPods(running, workload))
    .filter(hasStatusPage)
    .map((pod) => pod.metadata?.name ?? "");
}

function problemsOf(page: StatusPage, expected: Expectation, schemaBefore: number | null): string[] {
  const unhealthy = page.items
    .filter((item) => item.status !== "healthy")
    .filter((item) => !expected.acceptUnhealthy.includes(item.name))
    .filter((item) => !(expected.keepsSchema && item.name === "migrations"))
    .map((item) => `${item.name} is ${item.status} (${item.message})`);
  const version =
    page.version !== null && page.version !== expected.version
      ? [`it says it is ${page.version}, not ${expected.version}`]
      : [];
  return [...unhealthy, ...version, ...schemaProblems(page.migrations, expected, schemaBefore)];
}

/** Returns what is wrong with the schema versions of a status page, for the schema owner or for a release below it. */
export function schemaProblems(
  migrations: StatusPage["migrations"],
  expected: Pick<Expectation, "keepsSchema" | "schemaVersion">,
  schemaBefore: number | null,
): string[] {
  if (migrations === null) return ["its migrations item names no schema versions"];
  const { current, target } = migrations;
  if (expected.keepsSchema) {
    // The newer owner may only have been attempted: in that case this release still applies its own migrations.
    const kept = Math.max(schemaBefore ?? current, expected.schemaVersion ?? 0);
    return current === kept ? [] : [`schema version is ${current}, wanted ${kept} as before the deploy`];
  }
  const wanted = expected.schemaVersion ?? target;
  return current === target && current === wanted
    ? []
    : [`schema version is ${current} (target ${target}), wanted ${wanted}`];
}
