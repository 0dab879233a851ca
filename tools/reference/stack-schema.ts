import { defaultValue } from "./comment";
import { hasInputs, type JsonSchema, type Key } from "./keys";

/** A text that Pulumi keeps encrypted. Pulumi knows no other secure type, so only text can be given like this. */
const secure: JsonSchema = {
  type: "object",
  properties: { secure: { type: "string" } },
  required: ["secure"],
  additionalProperties: false,
};
const orSecure: JsonSchema = { $ref: "#/definitions/secure" };

/**
 * Returns the JSON schema of a stack's file, for editors. No key is required: it may come from Pulumi.yaml or from an
 * environment, and the component itself reports what is missing.
 */
export function stackSchema(keys: readonly Key[]): JsonSchema {
  return {
    $schema: "http://json-schema.org/draft-07/schema#",
    title: "A stack of the Pulumi project bsr",
    type: "object",
    properties: {
      config: {
        description: "The stack's configuration. The keys of bsr are described in docs/configuration.md.",
        type: "object",
        properties: Object.fromEntries(keys.map((key) => [`bsr:${key.name}`, topSchema(key)])),
        // Keys of other namespaces belong to other programs.
        patternProperties: { "^(?!bsr:)[^:]+:.+$": {} },
        additionalProperties: false,
      },
    },
    definitions: { secure },
  };
}

/** The schema of a top-level key. `pulumi config set` without `--path` writes text, which is read as JSON. */
function topSchema(key: Key): JsonSchema {
  const described = { description: description(key), ...defaultOf(key) };
  const schema = bareSchema(key);
  const alternatives = [
    ...(schema.anyOf ?? [schema]),
    ...asText(schema),
    ...(hasInputs(key) && !allowsSecure(schema) ? [orSecure] : []),
  ];
  return alternatives.length === 1 ? { ...described, ...schema } : { ...described, anyOf: alternatives };
}

function asText(schema: JsonSchema): JsonSchema[] {
  switch (schema.type) {
    case "boolean":
      return [{ enum: ["true", "false"] }];
    case "number":
    case "integer":
      return [{ type: "string", pattern: "^[0-9]+(\\.[0-9]+)?$" }];
    case "object":
      return [{ type: "string", pattern: "^\\s*\\{" }];
    case "array":
      return [{ type: "string", pattern: "^\\s*\\[" }];
    default:
      return [];
  }
}

function keySchema(key: Key): JsonSchema {
  return { description: description(key), ...defaultOf(key), ...bareSchema(key) };
}

function bareSchema(key: Key): JsonSchema {
  if (key.list) return { type: "array", items: block(key.keys) };
  if (key.keys.length > 0) return block(key.keys);
  return key.input ? withSecureTexts(key.schema) : key.schema;
}

function block(keys: readonly Key[]): JsonSchema {
  const required = keys.filter(({ optional }) => !optional).map(({ name }) => name);
  return {
    type: "object",
    properties: Object.fromEntries(keys.map((key) => [key.name, keySchema(key)])),
    ...(required.length === 0 ? {} : { required }),
    additionalProperties: false,
  };
}

/** Every text in an input can be kept encrypted. */
function withSecureTexts(schema: JsonSchema): JsonSchema {
  if (schema.type === "string") return { anyOf: [schema, orSecure] };
  return {
    ...schema,
    ...(schema.items === undefined ? {} : { items: withSecureTexts(schema.items as JsonSchema) }),
    ...(typeof schema.additionalProperties === "object"
      ? { additionalProperties: withSecureTexts(schema.additionalProperties) }
      : {}),
    ...(schema.properties === undefined
      ? {}
      : {
          properties: Object.fromEntries(
            Object.entries(schema.properties).map(([name, of]) => [name, withSecureTexts(of as JsonSchema)]),
          ),
        }),
  };
}

function allowsSecure({ anyOf = [] }: JsonSchema): boolean {
  return anyOf.includes(orSecure);
}

function defaultOf({ comment }: Key): JsonSchema {
  const value = defaultValue(comment);
  return value === undefined ? {} : { default: value };
}

function description({ comment: { text, default: given, unit, see } }: Key): string {
  return [
    text,
    ...(unit === undefined ? [] : [`Unit: ${unit}`]),
    ...(given === undefined ? [] : [`Default: ${given.replace(/^- /, "")}`]),
    ...(see === undefined ? [] : [see]),
  ].join("\n");
}
