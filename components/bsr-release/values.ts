import * as pulumi from "@pulumi/pulumi";
import { satisfies } from "semver";
import { databaseName } from "../migrations/cluster/database";
import type { GivenValue } from "../migrations/planner";
import { ArgumentError } from "./args";

/** A chart's values; any leaf may be an Output, and a secret one stays secret on its own. */
export type Values = Record<string, unknown>;

export interface VersionedValues {
  readonly versions: string;
  readonly values: pulumi.Input<Values>;
}

export interface ValuesArgs {
  readonly host: pulumi.Input<string>;
  readonly license?: pulumi.Input<string> | undefined;
  readonly values?: pulumi.Input<Values> | undefined;
  readonly valuesFor?: readonly VersionedValues[] | undefined;
}

/**
 * The values that a deploy of a release gets: the user's, then those for its range, then what the component
 * owns. Merged as Helm merges: maps by key, all else replaced.
 */
export function valuesOf(args: ValuesArgs, version: string): pulumi.Input<Values> {
  const layers: pulumi.Input<Values>[] = [
    args.values ?? {},
    ...(args.valuesFor ?? []).filter((one) => satisfies(version, one.versions)).map((one) => one.values),
    {
      host: args.host,
      ...(args.license === undefined ? {} : { license: { key: args.license } }),
      maintenance: false,
    },
  ];
  // Plain maps are merged here, so that a secret leaf does not turn all of a review's diff into [secret].
  if (layers.every(isMap)) return layers.reduce(merge);
  return pulumi.all(layers).apply((known) => (known as Values[]).reduce(merge));
}

/** The dotted paths of all leaves, for the contracts of the planner; paths, never what stands there. */
export function givenValues(args: ValuesArgs): pulumi.Output<GivenValue[]> {
  const layers = [
    { versions: "*", values: args.values ?? {} },
    ...(args.valuesFor ?? []),
    { versions: "*", values: args.license === undefined ? {} : { license: { key: "" } } },
  ];
  const given = pulumi
    .all(layers.map(({ values }) => pulumi.output(values).apply((known) => leaves(known))))
    .apply((paths) =>
      paths.flatMap((of, index) => of.map((path) => ({ path, versions: layers[index]?.versions ?? "*" }))),
    );
  return pulumi.unsecret(given);
}

/** The database's host and name, to which the cluster's record belongs; never a secret. */
export function databaseOf(args: ValuesArgs): pulumi.Output<string> {
  const name = pulumi.output(args.values ?? {}).apply((values) => {
    const parsed = databaseName.safeParse(values);
    if (parsed.success) return parsed.data;
    throw new ArgumentError(
      parsed.error.issues.map(({ path, message }) => `${["values", ...path].join(".")}: ${message}`),
    );
  });
  return pulumi.unsecret(name);
}

/** Every string that is secret in the inputs, for the masks of the steps. */
export function secretsOf(inputs: readonly unknown[]): pulumi.Output<string[]> {
  return pulumi.output(Promise.all(inputs.map(collect))).apply((found) => found.flat());
}

async function collect(input: unknown): Promise<pulumi.Output<string[]> | string[]> {
  if (pulumi.Output.isInstance(input)) {
    return (await pulumi.isSecret(input)) ? input.apply((value) => strings(value)) : [];
  }
  if (Array.isArray(input) || isMap(input)) {
    const parts = await Promise.all(Object.values(input).map(collect));
    return pulumi.all(parts).apply((found) => found.flat());
  }
  return [];
}

function strings(value: unknown): string[] {
  if (typeof value === "string") return [value];
  return typeof value === "object" && value !== null ? Object.values(value).flatMap(strings) : [];
}

function leaves(values: Values, prefix = ""): string[] {
  return Object.entries(values).flatMap(([key, value]) =>
    isMap(value) ? leaves(value, `${prefix}${key}.`) : [`${prefix}${key}`],
  );
}

function merge(below: Values, above: Values): Values {
  const merged = { ...below };
  for (const [key, value] of Object.entries(above)) {
    const under = merged[key];
    merged[key] = isMap(under) && isMap(value) ? merge(under, value) : value;
  }
  return merged;
}

function isMap(value: unknown): value is Values {
  return (
    typeof value === "object" &&
    value !== null &&
    Object.getPrototypeOf(value) === Object.prototype &&
    !pulumi.Output.isInstance(value)
  );
}
