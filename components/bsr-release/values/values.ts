import { isDeepStrictEqual } from "node:util";
import * as pulumi from "@pulumi/pulumi";
import { satisfies } from "semver";
import { databaseName } from "../../migrations/cluster/database";
import type { Contract } from "../../migrations/facts";
import type { GivenValue } from "../../migrations/planner";
import { schemaErrors } from "../../migrations/schema-errors";
import { ArgumentError, type CheckedArgs } from "../args";
import { isKnownLater } from "../args/parts";
import { typedValues } from "./typed-values";

/** A chart's values; any leaf may be an Output, and a secret one stays secret on its own. */
export type Values = Record<string, unknown>;

/** Values for the releases of a range. */
export interface Layer {
  /** The argument they come from, as messages name it. */
  readonly origin: "valuesFile" | "arguments" | "values" | `valuesFor.${number}` | "component";
  /** A semver range; `*` for every release. */
  readonly versions: string;
  readonly values: pulumi.Input<Values>;
}

/**
 * Returns all values, the lowest layer first: the file, the typed arguments, the free values, the values for a range,
 * and those that only the component may set. A typed value that a contract introduces goes only to the releases of its
 * range, as earlier charts do not know it.
 */
export function layersOf(args: CheckedArgs, file: Values, contracts: readonly Contract[]): Layer[] {
  const typed = typedValues(args);
  const introduced = contracts.flatMap((contract): Layer[] => {
    const path = introducedBy(contract);
    const value = path === undefined ? undefined : typed[path];
    if (path === undefined || value === undefined) return [];
    return [{ origin: "arguments", versions: contract.versions, values: { [path]: value } }];
  });
  const later = new Set(introduced.flatMap(({ values }) => Object.keys(values as Values)));
  const always = Object.fromEntries(Object.entries(typed).filter(([key]) => !later.has(key)));
  return [
    { origin: "valuesFile", versions: "*", values: file },
    { origin: "arguments", versions: "*", values: always },
    ...introduced,
    { origin: "values", versions: "*", values: args.values ?? {} },
    ...args.valuesFor.map(({ versions, values }, index): Layer => ({
      origin: `valuesFor.${index}`,
      versions,
      values,
    })),
    { origin: "component", versions: "*", values: { maintenance: false } },
  ];
}

/** Returns the first part of the path of a value that only the releases of a contract's range read. */
function introducedBy(contract: Contract): string | undefined {
  switch (contract.kind) {
    case "required":
      return contract.key.split(".")[0];
    case "replaced":
      return contract.by.split(".")[0];
    case "note":
      return undefined;
  }
}

/** Returns the values for a deploy of a release, merged as Helm merges: maps by key, everything else replaced. */
export function valuesOf(layers: readonly Layer[], version: string): pulumi.Input<Values> {
  const matching = layers.filter(({ versions }) => satisfies(version, versions)).map(({ values }) => values);
  // Plain maps are merged here, so that a secret leaf does not turn all of a review's diff into [secret].
  if (matching.every(isMap)) return matching.reduce(merge);
  return pulumi.all(matching).apply((known) => (known as Values[]).reduce(merge));
}

/**
 * Returns the values for a deploy of a release that only the engine knows. What no range touches stays as it is, so
 * that a review's diff shows it leaf by leaf.
 */
export function valuesOfPlanned(
  layers: readonly Layer[],
  version: pulumi.Output<string>,
): pulumi.Input<Values> {
  const following = (planned: string) => pulumi.output(valuesOf(layers, planned));
  const [always, ranged] = [true, false].map((isAlways) =>
    layers.filter(({ versions }) => (versions === "*") === isAlways).map(({ values }) => values),
  );
  if (always?.every(isMap) !== true || ranged?.every(isMap) !== true) return version.apply(following);
  const keys = [...new Set(ranged.flatMap((values) => Object.keys(values)))];
  return {
    ...always.reduce(merge, {}),
    ...Object.fromEntries(keys.map((key) => [key, version.apply(following).apply((values) => values[key])])),
  };
}

/** Returns the dotted paths of all leaves, for the planner's contracts; only the paths, never the values. */
export function givenValues(layers: readonly Layer[]): pulumi.Output<GivenValue[]> {
  const given = pulumi
    .all(layers.map(({ values }) => pulumi.output(values).apply((known) => leaves(known))))
    .apply((paths) =>
      paths.flatMap((of, index) => of.map((path) => ({ path, versions: layers[index]?.versions ?? "*" }))),
    );
  return pulumi.unsecret(given);
}

/** Returns the values that every release gets. */
export function alwaysValues(layers: readonly Layer[]): pulumi.Output<Values> {
  const always = layers.filter(({ versions }) => versions === "*").map(({ values }) => values);
  return pulumi.all(always).apply((known) => (known as Values[]).reduce(merge));
}

/** Returns the database's host, port and name, to which the cluster's record belongs; never secret. */
export function databaseOf(layers: readonly Layer[]): pulumi.Output<string> {
  const name = alwaysValues(layers).apply((values) => {
    const parsed = databaseName.safeParse(values, { error: schemaErrors });
    if (parsed.success) return parsed.data;
    throw new ArgumentError(parsed.error.issues.map(({ path, message }) => `${path.join(".")}: ${message}`));
  });
  return pulumi.unsecret(name);
}

/** Returns the secrets in the inputs, for masks: each an Output of its own, so that one unknown leaves the rest known. */
export async function secretsOf(inputs: unknown): Promise<pulumi.Output<string[]>[]> {
  if (isKnownLater(inputs)) {
    const output: pulumi.Output<unknown> = pulumi.output(inputs);
    return (await pulumi.isSecret(output)) ? [output.apply(textsIn)] : [];
  }
  if (!Array.isArray(inputs) && !isMap(inputs)) return [];
  return (await Promise.all(Object.values(inputs).map(secretsOf))).flat();
}

function textsIn(value: unknown): string[] {
  if (typeof value === "string") return [value];
  if (typeof value === "number") return [String(value)];
  return typeof value === "object" && value !== null ? Object.values(value).flatMap(textsIn) : [];
}

/** Returns the dotted paths of everything that is not a map. */
export function leaves(values: Values, prefix = ""): string[] {
  return Object.entries(values).flatMap(([key, value]) =>
    isMap(value) ? leaves(value, `${prefix}${key}.`) : [`${prefix}${key}`],
  );
}

/** Merges two maps of values; where both have a key, `above` wins, unless both have a map there. */
export function merge(below: Values, above: Values): Values {
  const merged = { ...below };
  for (const [key, value] of Object.entries(above)) {
    const under = merged[key];
    merged[key] = isMap(under) && isMap(value) ? merge(under, value) : value;
  }
  return merged;
}

/** Returns the dotted paths at which two maps of values differ; never the values, which may be secret. */
export function changedPaths(before: Values, after: Values, at = ""): string[] {
  return [...new Set([...Object.keys(before), ...Object.keys(after)])].sort().flatMap((key) => {
    const path = at === "" ? key : `${at}.${key}`;
    const [one, other] = [before[key], after[key]];
    if (isMap(one) && isMap(other)) return changedPaths(one, other, path);
    return isDeepStrictEqual(one, other) ? [] : [path];
  });
}

/** Whether a value is a plain map, and not an Output. */
export function isMap(value: unknown): value is Values {
  return (
    typeof value === "object" &&
    value !== null &&
    Object.getPrototypeOf(value) === Object.prototype &&
    !pulumi.Output.isInstance(value)
  );
}
