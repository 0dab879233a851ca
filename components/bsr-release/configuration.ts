import * as pulumi from "@pulumi/pulumi";
import { z } from "zod";
import { ArgumentError, argsSchema, plainOf, shapeOf, unknownKey, type BsrReleaseArgs } from "./args";
import { inputs, unwrapped } from "./args/parts";
import { problemsOf } from "./check-arguments";
import { isMap } from "./values/values";

const shape = shapeOf(argsSchema);

/** A stack's configuration, as the engine or the pulumi command passes it. */
export interface StackConfiguration {
  readonly project: string;
  /** The text of each key; `undefined` for a secret that is not revealed. */
  readonly values: Readonly<Record<string, string | undefined>>;
  /** The keys whose value is secure as a whole or in part. */
  readonly secrets: readonly string[];
}

/**
 * Reads the component's arguments from the stack's configuration: every argument is a key of the same name. Text is
 * taken as it is; everything else is YAML in the stack's file, or JSON on the command line.
 *
 * @throws ArgumentError with all problems at once, of the configuration and of the arguments
 */
export function readConfiguration(config: pulumi.Config): BsrReleaseArgs {
  return argumentsOf({
    project: config.name,
    values: pulumi.runtime.allConfig(),
    secrets: JSON.parse(process.env["PULUMI_CONFIG_SECRET_KEYS"] ?? "[]") as string[],
  });
}

/**
 * Returns the arguments that a configuration gives. A block with a secret that is not revealed is left out; that never
 * happens when the program runs.
 *
 * @throws ArgumentError with all problems at once
 */
export function argumentsOf({ project, values, secrets }: StackConfiguration): BsrReleaseArgs {
  const prefix = `${project}:`;
  const problems: string[] = [];
  const args: Record<string, unknown> = {};
  for (const [full, text] of Object.entries(values)) {
    if (!full.startsWith(prefix)) continue;
    const key = full.slice(prefix.length);
    const schema = shape[key];
    if (schema === undefined) {
      problems.push(`${prefix}${unknownKey(key, Object.keys(shape))}`);
      continue;
    }
    // Pulumi treats structured configuration with a secure part as secret as a whole.
    const isSecret = secrets.includes(full);
    if (isSecret && !hasInputs(schema)) {
      problems.push(`${full}: has a secure value, and decides the plan, which is shown; set it in the clear`);
      continue;
    }
    if (text === undefined) {
      if (inputs.has(unwrapped(schema))) args[key] = pulumi.secret("");
      continue;
    }
    try {
      args[key] = read(text, schema, isSecret);
    } catch {
      problems.push(`${full}: is not JSON`);
    }
  }
  const missing = ["version", "host"].filter((key) => !(key in args));
  problems.push(...missing.map((key) => `${prefix}${key}: must be given; pulumi config set ${key} <${key}>`));
  problems.push(
    ...problemsOf(args as unknown as BsrReleaseArgs)
      .filter((problem) => !missing.some((key) => problem.startsWith(`${key}:`)))
      .map((problem) => `${prefix}${problem}`),
  );
  if (problems.length > 0) throw new ArgumentError(problems);
  return args as unknown as BsrReleaseArgs;
}

function read(text: string, schema: z.core.$ZodType, isSecret: boolean): unknown {
  const isText = plainOf(schema) instanceof z.ZodString || plainOf(schema) instanceof z.ZodEnum;
  const value: unknown = isText ? text : JSON.parse(text);
  if (!isSecret || hasSecrets(schema, value)) return value;
  return withSecretInputs(schema, value);
}

/**
 * Makes every input below a key secret. Pulumi says only that a key has a secure value, not which one. If an argument
 * that is secret by its nature is given, that one is meant, and this is not needed.
 */
function withSecretInputs(schema: z.core.$ZodType, value: unknown): unknown {
  const bare = unwrapped(schema);
  if (inputs.has(bare)) return pulumi.secret(value);
  if (bare instanceof z.ZodArray && Array.isArray(value)) {
    return value.map((one: unknown) => withSecretInputs(bare.element, one));
  }
  if (!(bare instanceof z.ZodObject) || !isMap(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, part]) => [
      key,
      withSecretInputs(shapeOf(bare)[key] ?? z.never(), part),
    ]),
  );
}

function hasSecrets(schema: z.core.$ZodType, value: unknown): boolean {
  const bare = unwrapped(schema);
  if (value === undefined) return false;
  if (inputs.get(bare)?.secret === true) return true;
  return (
    bare instanceof z.ZodObject &&
    isMap(value) &&
    Object.entries(value).some(([key, part]) => hasSecrets(shapeOf(bare)[key] ?? z.never(), part))
  );
}

function hasInputs(schema: z.core.$ZodType): boolean {
  const bare = unwrapped(schema);
  if (inputs.has(bare)) return true;
  if (bare instanceof z.ZodArray) return hasInputs(bare.element);
  return bare instanceof z.ZodObject && Object.values(shapeOf(bare)).some(hasInputs);
}
