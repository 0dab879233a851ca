import * as pulumi from "@pulumi/pulumi";
import { validRange } from "semver";
import { z } from "zod";
import { defaultChart, releaseSchema, type ReleaseAddition } from "../migrations/facts";
import type { Strategy } from "../migrations/planner";
import type { Values, VersionedValues } from "./values";

/**
 * How to know that the data migration of a required stop has completed (R7). Without either, `pulumi up` stops
 * at the stop, verified and serving.
 */
export interface DataMigrationsArgs {
  /**
   * A command with its arguments, run where Pulumi runs, again and again until it ends with exit status 0.
   * @default - none: the wait ends by `completed` only
   */
  readonly check?: readonly string[];
  /**
   * Required stops whose data migration you know to have completed, such as `["1.7.0"]`.
   * @default []
   */
  readonly completed?: readonly string[];
  /**
   * Seconds between two runs of the check.
   * @default 10
   */
  readonly intervalSeconds?: number;
  /**
   * Seconds after which a wait fails; the next `pulumi up` waits further.
   * @default 3600
   */
  readonly timeoutSeconds?: number;
}

/** Arguments of {@link BsrRelease}. */
export interface BsrReleaseArgs {
  /**
   * The release that shall run, exactly `major.minor.patch`. The only thing to change for an upgrade: the way
   * there is planned.
   * @see https://buf.build/docs/bsr/admin/on-prem/release-notes/
   */
  readonly version: string;

  /** The host name that the BSR serves; must equal the ingress host. The chart's value `host`. */
  readonly host: pulumi.Input<string>;

  /**
   * The namespace of the instance. Made when it is missing, and never deleted. Cannot change later.
   * @default "bsr"
   */
  readonly namespace?: string;

  /**
   * The name of the Helm release. Cannot change later.
   * @default "bsr"
   */
  readonly releaseName?: string;

  /**
   * The chart's OCI address, without a version.
   * @default "oci://us-docker.pkg.dev/buf-images-1/bsr/charts/bsr"
   */
  readonly chart?: string;

  /**
   * How a way up over three or more minors is walked: `sequential` minor by minor without downtime, or
   * `maintenance` through maintenance mode (R8).
   * @default "sequential"
   */
  readonly strategy?: Strategy;

  /**
   * Allows the downtime that the strategy `maintenance` takes (R8).
   * @default false
   */
  readonly allowDowntime?: boolean;

  /**
   * Accepts the loss of data of exactly one downgrade, `"<high-water mark>-><target>"` (R12). The refusal
   * prints the text.
   * @default - nothing is acknowledged
   */
  readonly acknowledgeDataLoss?: string;

  /**
   * A method to take snapshots with (R9). Plans that would take one are refused until it is supported.
   * @default - no snapshot is taken
   */
  readonly snapshot?: Readonly<Record<string, unknown>>;

  /**
   * The license key, required by 1.16.0 and later (R15). The chart's value `license.key`. Give a secret.
   * @default - none
   */
  readonly license?: pulumi.Input<string>;

  /**
   * Values for the chart, of every release on the way. The arguments `host` and `license` win over what stands
   * here; `maintenance` is refused, because the component turns it on and off itself.
   * @default {}
   */
  readonly values?: pulumi.Input<Values>;

  /**
   * Values for the releases of a semver range only, laid over `values` in order; for keys that a later chart
   * replaced (R15).
   * @default []
   */
  readonly valuesFor?: readonly VersionedValues[];

  /**
   * Releases that the built-in table does not have (R1).
   * @default []
   */
  readonly releases?: readonly ReleaseAddition[];

  /** How to know that the data migration of a required stop has completed (R7). */
  readonly dataMigrations?: DataMigrationsArgs;

  /**
   * Items of the status page that a verification does not wait for, such as `["redis"]` (R6).
   * @default []
   */
  readonly acceptUnhealthy?: readonly string[];

  /**
   * Seconds that one deploy may take until it is verified.
   * @default 900
   */
  readonly deployTimeoutSeconds?: number;

  /**
   * The content or the path of a kubeconfig. One for observation, steps and Release. Give a secret.
   * @default - KUBECONFIG, else ~/.kube/config
   */
  readonly kubeconfig?: pulumi.Input<string>;

  /**
   * A context of the kubeconfig.
   * @default - its current context
   */
  readonly context?: string;

  /**
   * The hash of the plan that was reviewed, as preview prints it: no other plan is carried out.
   * @default - any plan is
   */
  readonly approvedPlan?: string;
}

export { defaultChart };

const seconds = z.number().positive();
const filled = z.string().min(1);
const dnsLabel = z
  .string()
  .max(53)
  .regex(/^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/, {
    error: "must be lower case letters, digits and dashes (a DNS label)",
  });
const range = z.string().refine((text) => validRange(text) !== null, {
  error: "must be a semver range such as >=1.15.2",
});
/** A plain value is checked here; one that is only known later, by what reads it. */
const input = (plain: z.ZodType, wanted: string) =>
  z.custom<unknown>((value) => isKnownLater(value) || plain.safeParse(value).success, {
    error: ({ input: found }) => (found == null ? "must be given" : `must be ${wanted}`),
  });
const text = input(z.string(), "text");
const map = input(z.record(z.string(), z.unknown()), "a map");

/** Checks the arguments; what is an Input is checked where it is known. `version` is the planner's to judge. */
export const argsSchema = z.strictObject({
  version: z.string({ error: "must be a version as text, such as 1.5.1" }),
  host: text,
  namespace: dnsLabel.default("bsr"),
  releaseName: dnsLabel.default("bsr"),
  chart: filled.default(defaultChart),
  strategy: z.enum(["sequential", "maintenance"]).default("sequential"),
  allowDowntime: z.boolean().default(false),
  acknowledgeDataLoss: z.string().optional(),
  snapshot: z.record(z.string(), z.unknown()).optional(),
  license: text.optional(),
  values: map.optional(),
  valuesFor: z.array(z.strictObject({ versions: range, values: map })).default([]),
  releases: z.array(releaseSchema).default([]),
  dataMigrations: z
    .strictObject({
      check: z.array(z.string()).min(1).optional(),
      completed: z.array(z.string()).default([]),
      intervalSeconds: seconds.default(10),
      timeoutSeconds: seconds.default(3600),
    })
    .prefault({}),
  acceptUnhealthy: z.array(z.string()).default([]),
  deployTimeoutSeconds: seconds.default(900),
  kubeconfig: text.optional(),
  context: filled.optional(),
  approvedPlan: filled.optional(),
});

export type CheckedArgs = z.output<typeof argsSchema>;

/** All problems of the arguments at once, one sentence each; Pulumi prints a RunError without a stack. */
export class ArgumentError extends pulumi.RunError {
  override readonly name = "ArgumentError";
  constructor(readonly problems: readonly string[]) {
    super(["The arguments cannot be used:", ...problems.map((problem) => `- ${problem}`)].join("\n"));
  }
}

/** Lays the defaults under the arguments, or throws an {@link ArgumentError} with all problems. */
export function checkArgs(args: BsrReleaseArgs): CheckedArgs {
  const parsed = argsSchema.safeParse(withoutUndefined(args));
  const problems = parsed.success ? [] : parsed.error.issues.flatMap(describe);
  problems.push(...ownedValues(args));
  if (!parsed.success || problems.length > 0) throw new ArgumentError(problems);
  return parsed.data;
}

function describe(issue: z.core.$ZodIssue): string[] {
  const at = issue.path.map(String).join(".");
  if (issue.code === "unrecognized_keys") {
    return issue.keys.map((key) => `${at === "" ? "" : `${at}.`}${key}: there is no such key`);
  }
  return [`${at}: ${issue.message}`];
}

/** Values that the component owns would fight with it on every deploy. */
function ownedValues({ values, valuesFor }: BsrReleaseArgs): string[] {
  const layers = [
    ["values", values] as const,
    ...(Array.isArray(valuesFor) ? (valuesFor as readonly (VersionedValues | null)[]) : []).map(
      (one, index) => [`valuesFor.${index}.values`, one?.values] as const,
    ),
  ];
  return layers.flatMap(([at, layer]) =>
    typeof layer === "object" && layer !== null && "maintenance" in layer
      ? [`${at}.maintenance: belongs to the component, which turns maintenance on and off itself; remove it`]
      : [],
  );
}

function isKnownLater(value: unknown): boolean {
  return pulumi.Output.isInstance(value) || value instanceof Promise;
}

function withoutUndefined(args: BsrReleaseArgs): Record<string, unknown> {
  return Object.fromEntries(Object.entries(args).filter(([, value]) => value !== undefined));
}
