import { validRange } from "semver";
import { z } from "zod";
import { defaultChart, releaseSchema } from "../../migrations/facts";
import { restoredPattern } from "../../migrations/planner";
import { nearest } from "../../nearest";
import { schemaErrors } from "../../migrations/schema-errors";
import { authSchema } from "./auth";
import { dnsLabel, exclusive, filled, input, inputs, seconds, secret, together, unwrapped } from "./parts";
import { migrateDownSchema } from "./migrate-down";
import { promotionSchema } from "./promotion";
import { postgresSchema } from "./postgres";
import { redisSchema } from "./redis";
import { registrySchema } from "./registry";
import { snapshotSchema } from "./snapshot";
import { storageSchema } from "./storage";
import type { BsrReleaseArgs } from "./types";
import {
  bufdSchema,
  bufjavacompilerdSchema,
  mavenRegistrySchema,
  notificationsSchema,
  observabilitySchema,
  ociregistrySchema,
} from "./workloads";

export { defaultChart };
export { ArgumentError } from "./argument-error";
export type * from "./types";

const addressWanted =
  "must be an OCI address without a version and without a login, such as oci://registry.example.com/charts/bsr";
const values = z.record(z.string(), z.unknown());
const range = z.string().refine((text) => validRange(text) !== null, {
  error: "must be a semver range such as >=1.15.2",
});

const dataMigrationsSchema = z.strictObject({
  /**
   * A command with its arguments, run where Pulumi runs and without a shell. It is repeated until it ends with exit
   * status 0, which means that the migration has completed.
   * @default - none: only `completed` ends the wait
   */
  check: z.array(z.string()).min(1, { error: "must name a program" }).readonly().optional(),
  /**
   * Versions of required stops whose data migration you know to have completed, such as `["1.7.0"]`.
   * @default []
   */
  completed: z.array(z.string()).readonly().default([]),
  /**
   * Time between two runs of the check.
   * @unit seconds
   * @default 10
   */
  intervalSeconds: seconds.default(10),
  /**
   * Time after which a wait fails; the next `pulumi up` waits again.
   * @unit seconds
   * @default 3600
   */
  timeoutSeconds: seconds.default(3600),
});

const valuesForSchema = z.strictObject({
  /** The releases that get the values, as a semver range such as `>=1.15.2`. */
  versions: range,
  /** The values, as the charts of these releases take them. The database's address cannot differ by release. */
  values: input(values),
});

/**
 * The schema of the component's arguments, which are also the keys of the stack's configuration. Its comments say what
 * each one does: the reference and the editors' schema are generated from here. Blocks that go into the chart's values
 * have the chart's names; a secret stands next to the values it belongs to.
 */
export const argsSchema = together(
  z.strictObject({
    /**
     * The release to run, exactly `major.minor.patch`. It is the only thing to change for an upgrade: the path there
     * is planned (R1).
     * @see https://buf.build/docs/bsr/admin/on-prem/release-notes/
     */
    version: z.string({ error: "must be a version as text, such as 1.5.1" }),

    /**
     * The host name that the BSR serves; it must be one of the Ingress' hosts. The chart's value `host`.
     * @see https://buf.build/docs/bsr/admin/on-prem/installation/
     */
    host: input(filled),

    /**
     * The namespace of the instance. It is created if it is missing, and never deleted. It cannot change later.
     * @default "bsr"
     */
    namespace: dnsLabel.default("bsr"),

    /**
     * The name of the Helm release. It cannot change later.
     * @default "bsr"
     */
    releaseName: dnsLabel.default("bsr"),

    /**
     * The chart's OCI address without a version: Buf's, or a private mirror's.
     * @default "oci://us-docker.pkg.dev/buf-images-1/bsr/charts/bsr"
     * @see https://buf.build/docs/bsr/admin/on-prem/installation/
     */
    chart: z
      .string()
      .regex(/^oci:\/\/[^/\s@]+\/[^\s:@]+$/, { error: addressWanted })
      .refine((text) => URL.canParse(text.replace(/^oci:/, "https:")), { error: addressWanted })
      .default(defaultChart),

    /**
     * The login of the chart's registry.
     * @default - the logins that `helm registry login` has stored on this machine
     */
    registry: registrySchema.optional(),

    /**
     * How a way up over three or more minors is walked: `sequential`, minor by minor without downtime, or
     * `maintenance`, in one jump through maintenance mode (R8).
     * @default "sequential"
     */
    strategy: z.enum(["sequential", "maintenance"]).default("sequential"),

    /**
     * Allows the downtime that the strategy `maintenance` takes (R8).
     * @default false
     */
    allowDowntime: z.boolean().default(false),

    /**
     * Accepts the loss of data of exactly one downgrade, `"<high-water mark>-><target>"` (R12). The refusal
     * prints the text.
     * @default - nothing is acknowledged
     */
    acknowledgeDataLoss: z.string().optional(),

    /**
     * How snapshots of the database are taken (R9): one before every transition, and one before every jump, in
     * maintenance.
     * @default - no snapshot is taken
     * @see https://buf.build/docs/bsr/admin/on-prem/release-notes/
     */
    snapshot: snapshotSchema.optional(),

    /**
     * The id of a snapshot to go back to (R18), as `pulumi up` printed it. The snapshot is restored beside the present
     * database, which is kept under another name, and `version` is deployed on it. This is done once; remove the key
     * afterwards.
     * @default - nothing is restored
     */
    restore: filled.optional(),

    /**
     * How the schema owner's binary is run to migrate the database down, in a downgrade by a minor (R11).
     * @default {}
     */
    migrateDown: migrateDownSchema.prefault({}),

    /**
     * Says that the database was restored by hand, and to what: `"<version>,<schema version>"`, such as `1.7.0,266`
     * (R18). Every pod is stopped, the schema version is read with the image of `snapshot.pgDump`, and if it is this
     * one, `version` is deployed on the database. Remove the key afterwards.
     * @default - nothing was restored by hand
     */
    restoredTo: z
      .string()
      .regex(restoredPattern, { error: "must be a version and a schema version, such as 1.7.0,266" })
      .optional(),

    /**
     * The license key. Releases from 1.16.0 on require it; earlier ones do not get it (R15). The chart's value
     * `license.key`.
     * @default - none
     * @see https://buf.build/docs/bsr/admin/on-prem/release-notes/
     */
    license: secret(filled).optional(),

    /**
     * The Postgres database.
     * @default - what `values` or `valuesFile` give
     * @see https://buf.build/docs/bsr/admin/on-prem/installation/
     */
    postgres: postgresSchema.optional(),

    /**
     * The Redis server.
     * @default - what `values` or `valuesFile` give
     * @see https://buf.build/docs/bsr/admin/on-prem/installation/
     */
    redis: redisSchema.optional(),

    /**
     * The object store.
     * @default - what `values` or `valuesFile` give
     * @see https://buf.build/docs/bsr/admin/on-prem/installation/
     */
    storage: storageSchema.optional(),

    /**
     * How users log in, and what they may do.
     * @default - what `values` or `valuesFile` give
     * @see https://buf.build/docs/bsr/admin/on-prem/installation/
     */
    auth: authSchema.optional(),

    /**
     * The workload bufd: Ingress, TLS, service account, labels.
     * @default - the chart's
     * @see https://buf.build/docs/bsr/admin/on-prem/installation/
     */
    bufd: bufdSchema.optional(),

    /**
     * The workload oci-registry.
     * @default - the chart's
     * @see https://buf.build/docs/bsr/admin/on-prem/installation/
     */
    ociregistry: ociregistrySchema.optional(),

    /**
     * The workload bufjavacompilerd.
     * @default - the chart's
     * @see https://buf.build/docs/bsr/admin/on-prem/configuration/
     */
    bufjavacompilerd: bufjavacompilerdSchema.optional(),

    /**
     * Metrics of the workloads.
     * @default - the chart's: none
     * @see https://buf.build/docs/bsr/admin/on-prem/configuration/
     */
    observability: observabilitySchema.optional(),

    /**
     * Mail to users.
     * @default - none
     * @see https://buf.build/docs/bsr/admin/on-prem/configuration/
     */
    notifications: notificationsSchema.optional(),

    /**
     * Extra certificates to trust: names of Secrets, each with the key that holds the certificate. Only releases from
     * 1.15.2 on get them. Earlier ones read other values, such as `bufd.deployment.extraVolumes`: see `valuesFor`.
     * @default {}
     * @see https://buf.build/docs/bsr/admin/on-prem/release-notes/
     */
    clientTLSSecrets: input(z.record(z.string(), z.string())).optional(),

    /**
     * Switches for single features, all off by default.
     * @default {}
     * @see https://buf.build/docs/bsr/admin/on-prem/configuration/
     */
    featureFlags: input(z.record(z.string(), z.boolean())).optional(),

    /**
     * The largest request that is accepted.
     * @unit bytes
     * @default - the chart's: 256 MB
     * @see https://buf.build/docs/bsr/admin/on-prem/configuration/
     */
    maxBodySizeBytes: input(z.int().positive({ error: "must be 1 or more" })).optional(),

    /**
     * The Maven registry of generated SDKs.
     * @default - the chart's
     * @see https://buf.build/docs/bsr/admin/on-prem/configuration/
     */
    mavenRegistry: mavenRegistrySchema.optional(),

    /**
     * Values for the chart that no argument gives, for every release on the path. If an argument gives a value too, both
     * must be equal. `maintenance` is refused, because the component turns it on and off itself.
     * @default {}
     */
    values: input(values).optional(),

    /**
     * The path of a Helm values file, relative to the project's folder. Arguments, `values` and `valuesFor` override it.
     * Nothing in it is treated as secret.
     * @default - none
     */
    valuesFile: filled.optional(),

    /**
     * Values for a range of releases only, merged over `values` in order; for keys that a later chart replaced (R15).
     * @default []
     */
    valuesFor: z.array(valuesForSchema).readonly().default([]),

    /**
     * Releases that the built-in table does not have (R1), and facts that it lacks about those it has.
     * @default []
     */
    releases: z.array(releaseSchema).readonly().default([]),

    /**
     * How to know that the data migration of a required stop has completed (R7). Without it, `pulumi up` ends at the
     * stop, verified and serving.
     * @default {}
     */
    dataMigrations: dataMigrationsSchema.prefault({}),

    /**
     * Items of the status page that the verification does not wait for, such as `["redis"]` (R6).
     * @default []
     */
    acceptUnhealthy: z.array(z.string()).readonly().default([]),

    /**
     * Time that one deploy may take until it is verified.
     * @unit seconds
     * @default 900
     */
    deployTimeoutSeconds: seconds.default(900),

    /**
     * The content or the path of a kubeconfig, used by the ledger, the steps and the Release alike.
     * @default - KUBECONFIG, or ~/.kube/config
     */
    kubeconfig: secret(filled).optional(),

    /**
     * The context of the kubeconfig to use.
     * @default - its current context
     */
    context: filled.optional(),

    /**
     * The Helm revision to take over, when the stack has no Release and an instance runs: it was installed by hand, or
     * the state of its stack was lost. It must be the newest revision, and `version` must be the version it deployed.
     * That version is deployed again and verified. Remove the key afterwards.
     * @default - a release that this stack did not deploy is refused
     * @unit Helm revision
     */
    adopt: z.int().positive().optional(),

    /**
     * The number of deploys after which a `pulumi up` ends, verified and serving, even if `version` is not reached; the
     * next one continues. For a CI job with a time limit, or a token that expires. A run never ends in maintenance or
     * just before a migration down, so it may make one more deploy.
     * @default - the whole path in one run
     * @unit deploys
     */
    deploysPerRun: z.int().positive().optional(),

    /**
     * The hash of the reviewed plan, as preview prints it: no other plan is carried out.
     * @default - any plan is carried out
     */
    approvedPlan: filled.optional(),

    /**
     * Requires that a version new to this stack has first run, verified, in another stack. It is checked once, when the
     * target changes. A transition under way, a way down, a restore and an unchanged target are not checked.
     * @default - any version may be deployed
     */
    promotion: promotionSchema.optional(),
  }),
  exclusive("restore", "restoredTo"),
);

/** What the schema takes. {@link BsrReleaseArgs} is the same with comments, which an inferred type does not keep. */
export type ArgsInput = z.input<typeof argsSchema>;
export type CheckedArgs = z.output<typeof argsSchema>;

/** Returns the arguments with their defaults, or everything that is wrong with them, one sentence each. */
export function parseArgs(args: BsrReleaseArgs): { args?: CheckedArgs; problems: readonly string[] } {
  const parsed = argsSchema.safeParse(withoutUndefined(args), { error: schemaErrors });
  if (parsed.success) return { args: parsed.data, problems: [] };
  return { problems: [...new Set(parsed.error.issues.flatMap(describe))] };
}

function describe(issue: z.core.$ZodIssue): string[] {
  const at = issue.path.map(String).join(".");
  if (issue.code === "unrecognized_keys") {
    const known = keysAt(issue.path);
    return issue.keys.map((key) => `${at === "" ? "" : `${at}.`}${unknownKey(key, known)}`);
  }
  return [`${at}: ${issue.message}`];
}

/** Says `key: there is no such key`, with the nearest key that exists. */
export function unknownKey(key: string, known: readonly string[]): string {
  const near = nearest(key, known);
  return `${key}: there is no such key${near === undefined ? "" : `; did you mean ${near}?`}`;
}

/** The keys of the block at a path of the arguments. */
function keysAt(path: readonly PropertyKey[]): string[] {
  let schema: z.core.$ZodType = argsSchema;
  for (const part of path) {
    const block = plainOf(schema);
    if (block instanceof z.ZodObject) schema = shapeOf(block)[String(part)] ?? z.never();
    else if (block instanceof z.ZodArray) schema = block.element;
  }
  const block = plainOf(schema);
  return block instanceof z.ZodObject ? Object.keys(block.shape) : [];
}

/** Returns the schemas of a block's keys, without names that every object has, such as `constructor`. */
export function shapeOf(block: z.ZodObject): Readonly<Record<string, z.core.$ZodType>> {
  return Object.assign(Object.create(null) as object, block.shape);
}

/** Returns the schema without its defaults, and of an input the plain schema. */
export function plainOf(schema: z.core.$ZodType): z.core.$ZodType {
  const bare = unwrapped(schema);
  return inputs.get(bare)?.plain ?? bare;
}

function withoutUndefined(args: BsrReleaseArgs): Record<string, unknown> {
  return Object.fromEntries(Object.entries(args).filter(([, value]) => value !== undefined));
}
