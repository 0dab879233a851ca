import * as pulumi from "@pulumi/pulumi";
import { z } from "zod";
import { listed, schemaErrors } from "../../migrations/schema-errors";

/** The schema behind an argument that may be given as an Output. */
interface Plain {
  readonly plain: z.ZodType;
  readonly secret: boolean;
}

/** The plain schema of every input, for code that reads schemas: the reference, the configuration. */
export const inputs = new WeakMap<z.core.$ZodType, Plain>();

/** Makes a schema that also takes an Output. A plain value is checked here, an Output by the code that reads it. */
export function input<T>(plain: z.ZodType<T>): z.ZodType<pulumi.Input<T>, pulumi.Input<T>> {
  return inputOf(plain, false);
}

/** Makes the schema of an input that is kept secret everywhere, even if it was given in plain text. */
export function secret<T>(plain: z.ZodType<T>): z.ZodType<pulumi.Input<T>, pulumi.Input<T>> {
  return inputOf(plain, true);
}

function inputOf<T>(plain: z.ZodType<T>, isSecret: boolean) {
  const schema: z.ZodType<pulumi.Input<T>, pulumi.Input<T>> = z
    .custom<pulumi.Input<T>>()
    .superRefine((value, { issues, value: given }) => {
      if (isKnownLater(value)) return;
      for (const { path, message } of plain.safeParse(value, { error: schemaErrors }).error?.issues ?? []) {
        issues.push({ code: "custom", path, message, input: given });
      }
    });
  inputs.set(schema, { plain, secret: isSecret });
  return schema;
}

export const filled = z.string().min(1, { error: "must not be empty" });
export const seconds = z.number().positive({ error: "must be more than 0 seconds" });
export const port = z.int({ error: "must be a port, 1 to 65535" }).min(1).max(65535);
export const dnsLabel = z
  .string()
  .max(53, { error: "must have at most 53 characters" })
  .regex(/^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/, {
    error: "must be lower case letters, digits and dashes (a DNS label)",
  });
/** The name of a Kubernetes object. */
export const objectName = z
  .string()
  .max(253)
  .regex(/^[a-z0-9]([-.a-z0-9]*[a-z0-9])?$/, {
    error: "must be the name of an object: lower case letters, digits, dashes and dots",
  });
export const texts = z.record(z.string(), z.string());

/** Whether a value is known only when the program runs. */
export function isKnownLater(value: unknown): boolean {
  return pulumi.Output.isInstance(value) || value instanceof Promise;
}

/** A block of arguments as given, before its types are checked. */
export type Given = Readonly<Record<string, unknown>>;
type Rule = (block: Given, shape: z.core.$ZodShape) => string | undefined;

/** Checks a block's keys against each other, even if one of them has a wrong type: all problems at once. */
export function together<T extends z.ZodObject>(schema: T, ...rules: readonly Rule[]): T {
  return schema.superRefine(
    (block, { issues }) => {
      if (typeof block !== "object" || block === null) return;
      for (const rule of rules) {
        const message = rule(block, schema.shape);
        if (message !== undefined) issues.push({ code: "custom", path: [], message, input: block });
      }
    },
    { when: () => true },
  );
}

/** Allows at most one of the keys. */
export function exclusive(...keys: readonly string[]): Rule {
  return (block, shape) => {
    const given = keys.filter((key) => isGiven(block[key]));
    return given.length < 2
      ? undefined
      : `${listed(
          given.map((key) => named(key, block[key], shape)),
          "and",
        )} exclude each other; keep one of them`;
  };
}

/** Requires one of the keys. */
export function oneOf(...keys: readonly string[]): Rule {
  return (block) =>
    keys.some((key) => isGiven(block[key])) ? undefined : `${listed(keys, "or")} must be given`;
}

/** Refuses the first key without one of the others. */
export function needs(key: string, ...others: readonly string[]): Rule {
  return (block, shape) =>
    !isGiven(block[key]) || others.some((other) => isGiven(block[other]))
      ? undefined
      : `${named(key, block[key], shape)} has no effect without ${listed(others, "or")}; give it too, or remove ${key}`;
}

function isGiven(value: unknown): boolean {
  return value !== undefined && value !== null;
}

/** Names a key with its value, unless that is secret, not yet known, or a file's content such as a certificate. */
export function named(key: string, value: unknown, shape: z.core.$ZodShape): string {
  const isPlain = ["string", "number", "boolean"].includes(typeof value) && !isSecretKey(shape[key]);
  return isPlain && /^.{0,80}$/.test(String(value)) ? `${key} (${String(value)})` : key;
}

function isSecretKey(schema: z.core.$ZodType | undefined): boolean {
  return schema !== undefined && inputs.get(unwrapped(schema))?.secret === true;
}

/** Returns the schema without the wrappers that only make it optional, defaulted or read-only. */
export function unwrapped(schema: z.core.$ZodType): z.core.$ZodType {
  return schema instanceof z.ZodOptional ||
    schema instanceof z.ZodDefault ||
    schema instanceof z.ZodPrefault ||
    schema instanceof z.ZodReadonly
    ? unwrapped(schema.unwrap())
    : schema;
}
