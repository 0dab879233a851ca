import semver from "semver";
import { z } from "zod";

/** Exactly `major.minor.patch`: no leading `v` or zeros, no prerelease, no build suffix. */
export const exactVersion = z
  .string()
  .refine((text) => semver.valid(text) === text && /^[\d.]+$/.test(text), {
    error: "must be an exact version such as 1.5.1",
  });

const versionRange = z.string().refine((text) => text.trim() !== "" && semver.validRange(text) !== null, {
  error: "must be a semver range such as >=1.16.0",
});

const filled = z.string().trim().min(1, { error: "must not be empty" });

/** One release, as in the built-in table and under the configuration key `releases`. */
export const releaseSchema = z.strictObject({
  /** The release, exactly `major.minor.patch`; its chart has the same version. */
  version: exactVersion,
  /**
   * The day of publication, such as `2025-06-30`. It is for readers only; the order comes from the version.
   * @default null
   */
  released: z.iso.date().nullable().default(null),
  /**
   * The number of the newest migration that the release brings; `null` while it is not known (R14).
   * @unit schema version
   * @default null
   * @see https://buf.build/docs/bsr/admin/on-prem/release-notes/
   */
  databaseVersion: z.int().positive().nullable().default(null),
  /**
   * The oldest version of the Buf CLI that works with the release.
   * @default null
   */
  minimumCliVersion: exactVersion.nullable().default(null),
  /**
   * The digest of the chart's manifest in the registry: no other chart of this version is deployed.
   * @default null
   */
  chartDigest: z
    .string()
    .regex(/^sha256:[0-9a-f]{64}$/, {
      error: "must be a digest such as sha256:1df4… with 64 hexadecimal digits",
    })
    .nullable()
    .default(null),
  /**
   * What an operator should know before this release is deployed.
   * @default []
   */
  notes: z.array(filled).readonly().default([]),
  /**
   * Where the facts of this record were published; the built-in table always has it.
   * @default null
   */
  source: filled.nullable().default(null),
});

/** A minor that no path upward may jump over (R7). */
export const requiredStopSchema = z.strictObject({
  minor: z.string().regex(/^(0|[1-9]\d*)\.(0|[1-9]\d*)$/, { error: "must be a minor such as 1.7" }),
  awaits: z.literal("dataMigration"),
  reason: filled,
  source: filled,
});

const contractBase = { versions: versionRange, reason: filled, source: filled };

/** What the releases of a range ask of the chart's values (R15). */
export const contractSchema = z.discriminatedUnion("kind", [
  /** A value without which the releases of the range do not run. */
  z.strictObject({
    kind: z.literal("required"),
    ...contractBase,
    /** The dotted path in the chart's values. */
    key: filled,
    /** The configuration key that gives it. */
    configuration: filled,
    /** The refusal's code when a path lacks the value. */
    refusal: z.string().regex(/^[a-z]+(-[a-z]+)*$/),
  }),
  /** Values that the releases of the range no longer read, and what they read instead. */
  z.strictObject({
    kind: z.literal("replaced"),
    ...contractBase,
    keys: z.array(filled).min(1).readonly(),
    by: filled,
  }),
  /** Something to know; nothing is checked. */
  z.strictObject({ kind: z.literal("note"), ...contractBase }),
]);

/** The status page of bufd's pods (R6). */
export const statusPageSchema = z.strictObject({
  /** The first release that has one. */
  since: exactVersion,
  /** The port that serves it without authentication. */
  port: z.int().positive(),
  reason: filled,
  source: filled,
});

export const releasesFileSchema = z.strictObject({ releases: z.array(releaseSchema).min(1) });
export const requiredStopsFileSchema = z.strictObject({ requiredStops: z.array(requiredStopSchema) });
export const contractsFileSchema = z.strictObject({ contracts: z.array(contractSchema) });

export type Release = Readonly<z.output<typeof releaseSchema>>;
/** A release as a person writes it: everything but the version may be left out. */
export type ReleaseAddition = Readonly<z.input<typeof releaseSchema>>;
export type RequiredStop = Readonly<z.output<typeof requiredStopSchema>>;
export type Contract = Readonly<z.output<typeof contractSchema>>;

/** Everything the planner knows about releases. `releases` is in ascending order, each version once. */
export interface Facts {
  readonly releases: readonly Release[];
  readonly requiredStops: readonly RequiredStop[];
  readonly contracts: readonly Contract[];
}
