import * as pulumi from "@pulumi/pulumi";
import { ArgumentError, argsSchema, type BsrReleaseArgs } from "./args";

/** Keys whose values are text as they stand; all others are JSON. */
const textKeys = new Set([
  "version",
  "host",
  "namespace",
  "releaseName",
  "chart",
  "strategy",
  "acknowledgeDataLoss",
  "license",
  "kubeconfig",
  "context",
  "approvedPlan",
]);

/** Keys whose values are secret, however they were set. */
const secretKeys = new Set(["license", "kubeconfig"]);

/** Structured keys that may have secure values: what stands there goes into a chart's values. */
const secretParts = new Set(["values", "valuesFor"]);

/**
 * The component's arguments from the stack's configuration: every argument is a key of the same name.
 *
 * @throws ArgumentError with all problems at once: unknown keys, and values that are no JSON
 */
export function readConfiguration(config: pulumi.Config): BsrReleaseArgs {
  const prefix = `${config.name}:`;
  const problems: string[] = [];
  const args: Record<string, unknown> = {};
  for (const full of Object.keys(pulumi.runtime.allConfig())) {
    if (!full.startsWith(prefix)) continue;
    const key = full.slice(prefix.length);
    if (!(key in argsSchema.shape)) {
      problems.push(`${full}: there is no such key`);
      continue;
    }
    if (isSecret(config, key) && !textKeys.has(key) && !secretParts.has(key)) {
      problems.push(`${full}: has a secure value, and decides the plan, which is shown; set it in the clear`);
      continue;
    }
    try {
      args[key] = read(config, key);
    } catch {
      problems.push(`${full}: is no JSON`);
    }
  }
  for (const key of ["version", "host"]) {
    if (!(key in args)) problems.push(`${prefix}${key}: must be given; pulumi config set ${key} <${key}>`);
  }
  if (problems.length > 0) throw new ArgumentError(problems);
  return args as unknown as BsrReleaseArgs;
}

function read(config: pulumi.Config, key: string): unknown {
  if (secretKeys.has(key)) return config.getSecret(key);
  if (textKeys.has(key)) return config.get(key);
  const text = config.get(key) ?? "null";
  const value: unknown = JSON.parse(text);
  return isSecret(config, key) ? withSecretValues(value) : value;
}

/** Of `valuesFor` only the values become secret: its ranges decide which release gets them. */
function withSecretValues(value: unknown): unknown {
  if (!Array.isArray(value)) return pulumi.secret(value);
  return value.map((layer: unknown) =>
    typeof layer === "object" && layer !== null && "values" in layer
      ? { ...layer, values: pulumi.secret(layer.values) }
      : layer,
  );
}

/** Structured configuration with a secure part is secret as a whole. */
function isSecret(config: pulumi.Config, key: string): boolean {
  const secrets = JSON.parse(process.env["PULUMI_CONFIG_SECRET_KEYS"] ?? "[]") as string[];
  return secrets.includes(`${config.name}:${key}`);
}
