import { createHash } from "node:crypto";
import { CoreV1Api, type KubeConfig, type V1ConfigMap } from "../../../kubernetes-client";
import { rcompare, valid } from "semver";
import { z } from "zod";
import { ifFound, statusOf } from "../connection";
import type { Revision } from "../helm/history";
import { jsonOf, UnusableAnswer, used } from "../unusable";

const version = z
  .string()
  .refine((text) => valid(text) !== null, { error: "must be a version such as 1.5.1" });
const time = z.string().refine((text) => !Number.isNaN(Date.parse(text)), {
  error: "must be a time such as 2025-06-30T12:00:00Z",
});

/** The format that this version of the package reads and writes. */
const format = 1;

const attemptSchema = z.looseObject({
  version,
  /** The Helm revision that this attempt was to make. */
  revision: z.number(),
  transition: z.number(),
  at: time,
  stack: z.string(),
  /** The schema version before it, if the deploy must leave the database as it is. */
  schemaBefore: z.number().nullable(),
  /** The lineage it belongs to; the first records did not tell, as with what follows. */
  lineage: z.number().optional(),
  /** The version that was deployed when it began; `null` when nothing was. */
  from: version.nullable().optional(),
  /** The process that made it, and the time that Helm was given for it. */
  run: z.object({ host: z.string(), pid: z.number() }).optional(),
  limitSeconds: z.number().optional(),
  /** Whether it was deployed with maintenance on. */
  maintenance: z.boolean().optional(),
  /** When it was verified; absent if it was not. */
  verifiedAt: time.optional(),
  /** It began after the last verification and the last restore; saves comparing the clocks of several machines. */
  open: z.literal(true).optional(),
});

const snapshotSchema = z.looseObject({
  id: z.string(),
  /** The name, in the configuration, of the method that took it. */
  method: z.enum(["pgDump", "command"]),
  /** The version that was deployed when it was taken. */
  version,
  /** Goose's newest row in it; `null` if the method does not report it. */
  schemaVersion: z.number().nullable(),
  highWaterMark: version,
  schemaOwner: version,
  lineage: z.number(),
  transition: z.number(),
  /** The Helm revision that was live. */
  revision: z.number(),
  /** Maintenance was on, so nobody could write. */
  maintenance: z.boolean(),
  at: time,
  bytes: z.number().nullable(),
  sha256: z.string().nullable(),
  place: z.string(),
  /** Its archive was read, or also restored and compared, or the user's check says that it is available. */
  verified: z.enum(["readable", "restored", "available"]),
  /** A deploy of its lineage failed, so it is never deleted. */
  beforeFailure: z.boolean(),
});

const restoringSchema = z.looseObject({
  snapshot: z.string(),
  transition: z.number(),
  at: time,
  /** Helm's newest revision, and the time that Helm has for it. */
  revision: z.number().optional(),
  deployedAt: z.string().optional(),
  /** The present database's name after the switch-over, by which a later run sees whether it has happened. */
  kept: z.string().optional(),
  /** The user's command that restores: the machine it was started on, and its process once that is known. */
  command: z.object({ host: z.string(), pid: z.number().optional() }).optional(),
});

/** Keeps what a newer package has added, because an older one writes the record too. */
const recordSchema = z.looseObject({
  format: z.literal(format),
  /** The newest transition that any stack began on this database. */
  transition: z.number(),
  /** The lineage that transition belongs to. */
  lineage: z.number(),
  highWaterMark: version.nullable(),
  schemaOwner: version.nullable(),
  /** The last version that was deployed and verified, and the Helm revision it was verified at. */
  verified: z
    .object({
      version,
      revision: z.number(),
      /** Helm's own time of that revision: after an uninstall another one has its number. The first records did not tell. */
      deployedAt: z.string().optional(),
      at: time,
      /** The images it was verified with; the first records did not tell. */
      images: z.record(z.string(), z.string()).optional(),
    })
    .nullable(),
  /** Deploys that began, oldest first. */
  attempts: z.array(attemptSchema),
  /** Required stops whose data migration has completed, with the lineage that waited for it. */
  dataMigrations: z.array(z.object({ version, lineage: z.number(), at: time })),
  /** Schema versions read from the status page's target while a release ran (R14). */
  learned: z.record(z.string(), z.number()),
  /** Verified snapshots of the database, oldest first. */
  snapshots: z.array(snapshotSchema).default([]),
  /** Snapshots that were restored, oldest first. */
  restores: z
    .array(
      z.object({
        snapshot: z.string(),
        transition: z.number(),
        /** The Helm revision that was live; revisions up to it say nothing about the restored database. */
        revision: z.number(),
        /** Helm's own time of it, as with what was verified. */
        deployedAt: z.string().optional(),
        at: time,
        /** When the pods began to be stopped for it; the first records did not tell. */
        stoppedAt: time.optional(),
        /** Where the database from before is kept. */
        kept: z.string(),
      }),
    )
    .default([]),
  /** A restore that has stopped the pods and has not ended; one that was cut off stays here. */
  restoring: restoringSchema.nullable().default(null),
  /** What else happened, oldest first, as events.ts reads it. */
  events: z.array(z.unknown()).default([]),
});

const formatSchema = z.object({ format: z.number() });

/**
 * The cluster's record of one database. Neither Helm nor Pulumi owns it. It outlives `destroy` and a lost stack state,
 * because how far a database may be taken back depends on everything that ever ran on it.
 */
export type TransitionRecord = z.infer<typeof recordSchema>;

/** A snapshot of the database that was taken and verified. */
export type Snapshot = z.infer<typeof snapshotSchema>;

/** A restore that has stopped the pods. */
export type Restoring = z.infer<typeof restoringSchema>;

/** A deploy that began. */
export type Attempt = TransitionRecord["attempts"][number];

export const emptyRecord: TransitionRecord = {
  format,
  transition: 0,
  lineage: 0,
  highWaterMark: null,
  schemaOwner: null,
  verified: null,
  attempts: [],
  dataMigrations: [],
  learned: {},
  snapshots: [],
  restores: [],
  restoring: null,
  events: [],
};

/** The number of attempts kept: more than twice the longest path, so that no transition loses its own. */
export const attemptsKept = 100;

const manager = "pulumi-bsr";
const databaseAnnotation = "pulumi-bsr/database";

export interface RecordAddress {
  readonly namespace: string;
  readonly release: string;
  /** The database's host and name; a record belongs to one database. */
  readonly database: string;
}

/** Names the ConfigMap: readable by release, distinct by database. */
export function recordName({ release, database }: RecordAddress): string {
  return `${release}-transitions-${createHash("sha256").update(database).digest("hex").slice(0, 8)}`;
}

/** Reads the record; `null` if none was written yet. */
export async function readRecord(
  config: KubeConfig,
  address: RecordAddress,
): Promise<TransitionRecord | null> {
  const stored = await readConfigMap(config, address);
  return stored === undefined ? null : parse(stored);
}

/** Lists the databases that a release has records of, for a release whose own database can no longer be read. */
export async function recordedDatabases(
  config: KubeConfig,
  { namespace, release }: Pick<RecordAddress, "namespace" | "release">,
): Promise<string[]> {
  const found = await config.makeApiClient(CoreV1Api).listNamespacedConfigMap({
    namespace,
    labelSelector: `app.kubernetes.io/managed-by=${manager},app.kubernetes.io/instance=${release}`,
  });
  return found.items.flatMap(({ metadata }) => metadata?.annotations?.[databaseAnnotation] ?? []);
}

/** Reads, changes and writes the record; starts over if somebody else wrote in between. */
export async function updateRecord(
  config: KubeConfig,
  address: RecordAddress,
  change: (record: TransitionRecord) => TransitionRecord,
): Promise<TransitionRecord> {
  const core = config.makeApiClient(CoreV1Api);
  const { namespace } = address;
  for (let tries = 1; ; tries++) {
    const stored = await readConfigMap(config, address);
    const changed = change(stored === undefined ? emptyRecord : parse(stored));
    const record = { ...changed, attempts: changed.attempts.slice(-attemptsKept) };
    const body = configMap(address, record, stored);
    try {
      if (stored === undefined) await core.createNamespacedConfigMap({ namespace, body });
      else await core.replaceNamespacedConfigMap({ namespace, name: recordName(address), body });
      return record;
    } catch (error) {
      if (statusOf(error) !== 409 || tries === 5) throw error;
    }
  }
}

/** Returns the attempt that made a revision; undefined if none on record did. */
export function attemptOf(
  { attempts }: TransitionRecord,
  { version, revision }: Pick<Revision, "version" | "revision">,
): Attempt | undefined {
  return attempts.findLast((attempt) => attempt.version === version && attempt.revision === revision);
}

/** The same for a revision after the verified one, which an older attempt, or one before an uninstall, did not make. */
export function openAttemptOf(
  record: TransitionRecord,
  revision: Pick<Revision, "version" | "revision">,
): Attempt | undefined {
  const attempt = attemptOf(record, revision);
  return attempt?.open === true ? attempt : undefined;
}

/** Returns the attempts of a transition that were verified, oldest first. */
export function verifiedOf({ attempts }: TransitionRecord, transition: number): Attempt[] {
  return attempts.filter((attempt) => attempt.transition === transition && attempt.verifiedAt !== undefined);
}

/** Describes the newest attempt for a sentence; empty if it is verified, as nobody is at work on it then. */
export function describeOpenAttempt(record: TransitionRecord | null): string {
  const attempt = record?.attempts.at(-1);
  if (attempt?.open !== true) return "";
  return `at ${attempt.version}, begun at ${attempt.at} as part of transition ${attempt.transition}`;
}

/** What identifies a revision. Its number alone does not: revisions count from 1 again after an uninstall. */
type Identity = Pick<Revision, "version" | "revision" | "deployedAt">;

/** Whether the last verification was of exactly this revision. */
export function isVerified(record: TransitionRecord | null, revision: Identity | undefined): boolean {
  const verified = record?.verified;
  if (verified == null || revision === undefined) return false;
  return verified.version === revision.version && isSame(verified, revision);
}

/** Returns what was verified, unless the release was uninstalled since, as it then says nothing about what runs now. */
export function verifiedInThisLife(
  record: TransitionRecord | null,
  history: readonly Identity[],
): TransitionRecord["verified"] {
  return history.some((revision) => isVerified(record, revision)) ? (record?.verified ?? null) : null;
}

/** Returns the number of the revision that was live at the last restore; 0 if there was none since the last install. */
export function restoredRevision(record: TransitionRecord | null, history: readonly Identity[]): number {
  const restore = record?.restores.at(-1);
  return restore !== undefined && history.some((revision) => isSame(restore, revision))
    ? restore.revision
    : 0;
}

function isSame(
  { revision, deployedAt }: { readonly revision: number; readonly deployedAt?: string | undefined },
  other: Identity,
): boolean {
  return revision === other.revision && (deployedAt ?? other.deployedAt) === other.deployedAt;
}

/** Returns how long each verified attempt took, from its beginning to its verification; the newest last. */
export function deploySeconds({ attempts }: TransitionRecord): number[] {
  return attempts.flatMap(({ at, verifiedAt }) =>
    verifiedAt === undefined ? [] : [Math.round((Date.parse(verifiedAt) - Date.parse(at)) / 1000)],
  );
}

/** Returns the higher of two versions; no version is lower than any version. */
export function higher(a: string | null, b: string | null): string | null {
  if (a === null || b === null) return a ?? b;
  return rcompare(a, b) <= 0 ? a : b;
}

function readConfigMap(config: KubeConfig, address: RecordAddress): Promise<V1ConfigMap | undefined> {
  const core = config.makeApiClient(CoreV1Api);
  return ifFound(core.readNamespacedConfigMap({ namespace: address.namespace, name: recordName(address) }));
}

function parse(stored: V1ConfigMap): TransitionRecord {
  const { name = "", namespace = "" } = stored.metadata ?? {};
  const what = `the record in the ConfigMap ${name} in the namespace ${namespace}`;
  const record = jsonOf(stored.data?.["record"] ?? "");
  const found = formatSchema.safeParse(record).data?.format;
  if (found !== undefined && found !== format) {
    throw new UnusableAnswer(
      `${what} has the format ${found}`,
      `the format ${format}, which this version of the package knows`,
      "use the version of the package that wrote it, or a newer one",
    );
  }
  return used(
    recordSchema,
    record,
    (why) =>
      new UnusableAnswer(
        `${what} cannot be read: ${record === undefined ? "it is not JSON" : why}`,
        "the record as a transition writes it",
        "restore the ConfigMap from a backup, or fix what was changed by hand. " +
          "Without it nobody knows how far the database may be taken back, so do not just delete it",
      ),
  );
}

function configMap(
  address: RecordAddress,
  record: TransitionRecord,
  stored: V1ConfigMap | undefined,
): V1ConfigMap {
  const resourceVersion = stored?.metadata?.resourceVersion;
  return {
    metadata: {
      ...(resourceVersion === undefined ? {} : { resourceVersion }),
      name: recordName(address),
      namespace: address.namespace,
      labels: { "app.kubernetes.io/managed-by": manager, "app.kubernetes.io/instance": address.release },
      annotations: { [databaseAnnotation]: address.database },
    },
    data: { record: JSON.stringify(record, undefined, 2) },
  };
}
