import * as ts from "typescript";
import { z } from "zod";
import { argsSchema, shapeOf } from "../../components/bsr-release/args";
import { inputs, unwrapped } from "../../components/bsr-release/args/parts";
import { commentOf, type Comment } from "./comment";
import { exportedType, openProgram } from "./program";

/** A JSON schema, as far as the arguments need one. */
export type JsonSchema = Readonly<z.core.JSONSchema.BaseSchema>;

/** One key of the arguments, with what its schema and its comment say about it. */
export interface Key {
  readonly name: string;
  /** From the top: `storage.s3.region`, `releases[].version`. */
  readonly path: string;
  readonly comment: Comment;
  readonly optional: boolean;
  /** Whether it may be given as an Output. */
  readonly input: boolean;
  /** Whether it is kept secret even if it was given in plain text. */
  readonly secret: boolean;
  /** What the value may be, if it is not a block. */
  readonly schema: JsonSchema;
  /** The keys of a block, or of each block of a list. */
  readonly keys: readonly Key[];
  readonly list: boolean;
}

/** Reads every key of the component's arguments, in the order of the schema. */
export function readKeys(program: ts.Program = openProgram()): readonly Key[] {
  const type = exportedType(program, "components/bsr-release/args/index.ts", "ArgsInput");
  return keysOf(program.getTypeChecker(), argsSchema, type, "");
}

function keysOf(checker: ts.TypeChecker, block: z.ZodObject, type: ts.Type, prefix: string): Key[] {
  return Object.entries(shapeOf(block)).map(([name, schema]) => {
    const property = checker.getPropertyOfType(type, name);
    if (property === undefined) throw new Error(`the type of the arguments has no ${prefix}${name}`);
    const path = `${prefix}${name}`;
    const bare = unwrapped(schema);
    const given = inputs.get(bare);
    const key = {
      name,
      path,
      comment: commentOf(checker, property),
      optional: schema._zod.optin !== undefined,
      input: given !== undefined,
      secret: given?.secret === true,
    };
    const valueType = checker.getNonNullableType(checker.getTypeOfSymbol(property));
    if (bare instanceof z.ZodObject) {
      const keys = keysOf(checker, bare, valueType, `${path}.`);
      return { ...key, schema: {}, keys, list: false };
    }
    const item = bare instanceof z.ZodArray ? unwrapped(bare.element) : undefined;
    if (item instanceof z.ZodObject) {
      const itemType = checker.getIndexTypeOfType(valueType, ts.IndexKind.Number);
      if (itemType === undefined) throw new Error(`the type of ${path} is not a list`);
      return { ...key, schema: {}, keys: keysOf(checker, item, itemType, `${path}[].`), list: true };
    }
    return { ...key, schema: jsonSchema(given?.plain ?? bare), keys: [], list: false };
  });
}

function jsonSchema(schema: z.core.$ZodType): JsonSchema {
  const { $schema: _, ...own } = z.toJSONSchema(schema, { io: "input", target: "draft-07", override: tidy });
  // The same thing can be said in two ways; only this one is used.
  return Array.isArray(own.type) ? { anyOf: own.type.map((type) => ({ type })) } : own;
}

/** Leaves out what is of no use to a reader: JavaScript's own number limits, and that lists are read-only. */
function tidy({ jsonSchema: made }: { jsonSchema: z.core.JSONSchema.BaseSchema }): void {
  if (made.maximum === Number.MAX_SAFE_INTEGER) delete made.maximum;
  if (made.minimum === Number.MIN_SAFE_INTEGER) delete made.minimum;
  delete made.propertyNames;
  delete made.readOnly;
  // Draft-07 does not have this format; the pattern says the same.
  if (made.format === "base64") delete made.format;
}

/** Returns every key together with the keys of its blocks. */
export function flat(keys: readonly Key[]): Key[] {
  return keys.flatMap((key) => [key, ...flat(key.keys)]);
}

/** Whether an Output can be given for the key, or for one below it. */
export function hasInputs(key: Key): boolean {
  return flat([key]).some(({ input }) => input);
}
