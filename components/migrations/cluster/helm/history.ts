import type { KubeConfig } from "../../../kubernetes-client";
import { valid } from "semver";
import { z } from "zod";
import { databaseName } from "../database";
import { decodeRevision, helmSecrets, unusableRevision } from "./storage";
import { used } from "../unusable";

/** One revision of a Helm release, as Helm's storage has it. */
export interface Revision {
  readonly revision: number;
  /** Helm's status: deployed, superseded, failed, pending-install, pending-upgrade, pending-rollback, uninstalled … */
  readonly status: string;
  /** The chart's version, which for Buf's chart is the BSR's version. */
  readonly version: string;
  readonly description: string;
  /** When its deploy began; ISO 8601. */
  readonly deployedAt: string;
  /** When Helm last began a part of its deploy: the deploy itself, or one of its hooks; ISO 8601. */
  readonly activeAt: string;
  /** Whether this revision was deployed with `maintenance: true`. */
  readonly maintenance: boolean;
  /** The database of this revision's values; `null` where it cannot be read from them. */
  readonly database: string | null;
  /** The values it was deployed with, including secrets: to compare, never to show. */
  readonly values: Readonly<Record<string, unknown>>;
  /** The rendered objects as YAML documents. */
  readonly manifest: string;
}

/** The part of Helm's release payload that is read here. */
const payloadSchema = z.object({
  version: z.int().positive(),
  manifest: z.string().default(""),
  config: z.record(z.string(), z.unknown()).nullish(),
  info: z.object({
    status: z.string(),
    description: z.string().default(""),
    last_deployed: z.string().default(""),
  }),
  chart: z.object({
    metadata: z.object({
      name: z.string(),
      // Helm accepts other versions too, but only a semantic version can be compared.
      version: z
        .string()
        .refine((text) => valid(text) !== null, { error: "must be a version such as 1.5.1" }),
    }),
  }),
  hooks: z
    .array(
      z.object({
        name: z.string(),
        kind: z.string(),
        last_run: z
          .object({ phase: z.string().default(""), started_at: z.string().default("") })
          .default({ phase: "", started_at: "" }),
      }),
    )
    .nullish(),
});

type Payload = z.infer<typeof payloadSchema>;

/**
 * Reads every revision that Helm still has of a release, oldest first. It reads Helm's own Secrets, because `helm history`
 * joins a chart's name and version into one word and shows neither values nor manifests.
 */
export async function readHelmHistory(
  config: KubeConfig,
  namespace: string,
  release: string,
): Promise<Revision[]> {
  return (await readPayloads(config, namespace, release)).map(revisionOf);
}

/** Returns the names of the newest revision's hook Jobs that Helm waits for, or that failed. */
export async function hookJobs(
  config: KubeConfig,
  namespace: string,
  release: string,
  phase: "Running" | "Failed",
): Promise<string[]> {
  const newest = (await readPayloads(config, namespace, release)).at(-1);
  return (newest?.hooks ?? [])
    .filter(({ kind, last_run }) => kind === "Job" && last_run.phase === phase)
    .map(({ name }) => name);
}

async function readPayloads(config: KubeConfig, namespace: string, release: string): Promise<Payload[]> {
  const secrets = await helmSecrets(config, namespace, release);
  return secrets
    .map((secret) => used(payloadSchema, decodeRevision(secret), (why) => unusableRevision(secret, why)))
    .sort((a, b) => a.version - b.version);
}

function revisionOf(payload: Payload): Revision {
  const deployedAt = inSeconds(payload.info.last_deployed);
  const begun = (payload.hooks ?? []).map(({ last_run }) => inSeconds(last_run.started_at));
  return {
    revision: payload.version,
    status: payload.info.status,
    version: payload.chart.metadata.version,
    description: payload.info.description,
    deployedAt,
    activeAt: [deployedAt, ...begun].sort().at(-1) ?? deployedAt,
    maintenance: payload.config?.["maintenance"] === true,
    database: databaseName.safeParse(payload.config ?? {}).data ?? null,
    values: payload.config ?? {},
    manifest: payload.manifest,
  };
}

/** Helm writes nanoseconds and its own time zone. */
function inSeconds(time: string): string {
  const at = Date.parse(time);
  return Number.isNaN(at) ? time : new Date(at).toISOString().replace(/\.\d+Z$/, "Z");
}

/** Returns the newest revision, unless the release was uninstalled. */
export function liveRevision(history: readonly Revision[]): Revision | undefined {
  const newest = history.at(-1);
  return newest === undefined || newest.status === "uninstalled" ? undefined : newest;
}
