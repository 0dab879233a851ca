import * as pulumi from "@pulumi/pulumi";
import { z } from "zod";
import { builtInFacts, FactsError, withAdditions, type Facts } from "../migrations/facts";
import { makePlan } from "../migrations/planner";
import {
  ArgumentError,
  argsSchema,
  parseArgs,
  plainOf,
  shapeOf,
  type BsrReleaseArgs,
  type CheckedArgs,
} from "./args";
import { inputs, unwrapped } from "./args/parts";
import { databasePaths } from "../migrations/cluster/database";
import { isMap, layersOf, leaves, type Layer, type Values } from "./values/values";
import { readValuesFile } from "./values/values-file";

/** Arguments that have passed every check, with what follows from them. */
export interface Prepared {
  readonly args: CheckedArgs;
  /** The built-in facts with the user's releases. */
  readonly facts: Facts;
  readonly layers: readonly Layer[];
}

/**
 * Checks the arguments, by themselves and against each other.
 *
 * @throws ArgumentError with all problems at once
 */
export function prepare(given: BsrReleaseArgs): Prepared {
  const { prepared, problems } = judge(given);
  if (prepared === undefined) throw new ArgumentError(problems);
  return prepared;
}

/** Returns everything that is wrong with the arguments, one sentence each; empty when they can be used. */
export function problemsOf(given: BsrReleaseArgs): readonly string[] {
  return judge(given).problems;
}

function judge(given: BsrReleaseArgs): { prepared?: Prepared; problems: readonly string[] } {
  const parsed = parseArgs(given);
  const file = readValuesFile(typeof given.valuesFile === "string" ? given.valuesFile : undefined);
  const facts = factsWith(given.releases);
  const problems = [
    ...parsed.problems,
    ...file.problems,
    ...facts.problems.filter(() => !parsed.problems.some((problem) => problem.startsWith("releases"))),
    ...ownedValues(given, file.values),
    ...contradictions(given),
    ...hostsOfIngress(given),
  ];
  if (parsed.args === undefined || problems.length > 0) {
    return { problems: [...problems, ...targetProblems(facts.facts, given.version)] };
  }
  const args = withSecrets(argsSchema, parsed.args) as CheckedArgs;
  return {
    prepared: { args, facts: facts.facts, layers: layersOf(args, file.values, facts.facts.contracts) },
    problems,
  };
}

function factsWith(releases: BsrReleaseArgs["releases"]): { facts: Facts; problems: readonly string[] } {
  try {
    return { facts: withAdditions(builtInFacts, releases ?? []), problems: [] };
  } catch (error) {
    if (error instanceof FactsError) return { facts: builtInFacts, problems: error.problems };
    // It is not even a list, and the schema reports that.
    return { facts: builtInFacts, problems: [] };
  }
}

/** Returns what the ledger would refuse by itself (R1), so that one run shows it along with the other problems. */
function targetProblems(facts: Facts, version: unknown): string[] {
  if (typeof version !== "string") return [];
  const outcome = makePlan(
    facts,
    { deployedVersion: null, schemaOwner: null, highWaterMark: null, settled: true },
    {
      target: version,
      strategy: "sequential",
      allowDowntime: false,
      acknowledgeDataLoss: null,
      snapshots: false,
      given: [],
    },
    { dataMigrations: [], snapshot: null },
  );
  if (outcome.outcome === "plan") return [];
  return outcome.refusals
    .filter(({ code }) => code === "invalid-version" || code === "unknown-release")
    .map(({ found, remedy }) => `version: ${found} ${remedy}`);
}

/** Finds values that only the component may set, and values that would change the database on the way. */
function ownedValues({ values, valuesFor }: BsrReleaseArgs, file: Values): string[] {
  const ranged = (Array.isArray(valuesFor) ? (valuesFor as readonly unknown[]) : []).map(
    (one, index) => [`valuesFor.${index}.values`, isMap(one) ? one["values"] : undefined] as const,
  );
  const maintenance = [["values", values] as const, ["valuesFile", file] as const, ...ranged].flatMap(
    ([at, layer]) =>
      isMap(layer) && "maintenance" in layer
        ? [
            `${at}.maintenance: belongs to the component, which turns maintenance on and off itself; remove it`,
          ]
        : [],
  );
  const databases = ranged.flatMap(([at, layer]) =>
    (isMap(layer) ? leaves(layer) : [])
      .filter((path) => databasePaths.includes(path))
      .map(
        (path) =>
          `${at}.${path}: the database cannot change on the way; set it in postgres, for all releases`,
      ),
  );
  return [...maintenance, ...databases];
}

/** Finds values that are given twice and differ: nobody could say which one is meant. */
function contradictions(given: BsrReleaseArgs): string[] {
  const { values } = given;
  if (!isMap(values)) return [];
  return leaves(values).flatMap((path) => {
    // All arguments but this one have the chart's names.
    const name = path === "license.key" ? "license" : path;
    const free = at(values, path);
    const typed = at({ ...given }, name);
    if (typed === undefined || isDeep(typed) || isDeep(free) || free === typed) return [];
    if (isSecretPath(name)) return [`values.${path} and the argument ${name} differ; keep one of them`];
    return [
      `values.${path} (${JSON.stringify(free)}) and the argument ${name} (${JSON.stringify(typed)}) differ; keep one of them`,
    ];
  });
}

function at(values: Values, path: string): unknown {
  return path
    .split(".")
    .reduce<unknown>(
      (part, key) => (isMap(part) && Object.hasOwn(part, key) ? part[key] : undefined),
      values,
    );
}

/** Whether a value is an Output, a list or a map, none of which can be compared here. */
function isDeep(value: unknown): boolean {
  return typeof value === "object" && value !== null;
}

function isSecretPath(path: string): boolean {
  let schema: z.core.$ZodType = argsSchema;
  for (const key of path.split(".")) {
    const block = plainOf(schema);
    if (!(block instanceof z.ZodObject)) return false;
    schema = shapeOf(block)[key] ?? z.never();
  }
  return inputs.get(unwrapped(schema))?.secret === true;
}

function hostsOfIngress({ host, bufd }: BsrReleaseArgs): string[] {
  const hosts: unknown = bufd?.ingress?.hosts;
  if (typeof host !== "string" || !Array.isArray(hosts)) return [];
  const served = hosts.map((one: unknown) => (isMap(one) ? String(one["host"]) : ""));
  return served.includes(host)
    ? []
    : [`host (${host}) must be one of bufd.ingress.hosts (${served.join(", ")}); make them the same`];
}

/** Makes secret what the schema calls a secret, even if it was given as plain text. */
function withSecrets(schema: z.core.$ZodType, value: unknown): unknown {
  if (value === undefined) return value;
  const bare = unwrapped(schema);
  if (inputs.get(bare)?.secret === true) return pulumi.secret(value);
  if (!(bare instanceof z.ZodObject) || !isMap(value)) return value;
  const shape = shapeOf(bare);
  return Object.fromEntries(
    Object.entries(value).map(([key, part]) => [key, withSecrets(shape[key] ?? z.never(), part)]),
  );
}
