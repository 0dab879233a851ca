import type { JsonSchema, Key } from "./keys";

const width = 100;

/**
 * Writes out the type of the component's arguments. Editors need it for their hover texts: in the package's
 * declarations, the compiler keeps no comments of a type that is inferred from a schema.
 */
export function argumentsType(keys: readonly Key[]): string {
  return [
    "// Generated from the schema in this folder by `make docs`; change the schema, then run it again.",
    'import type * as pulumi from "@pulumi/pulumi";',
    "",
    ...interfaceOf(
      "BsrReleaseArgs",
      "The arguments of `BsrRelease`. An argument that may be an Output is checked as soon as it is known; one that " +
        "decides the plan must be known when the program runs.",
      keys,
    ),
    "",
  ].join("\n");
}

function interfaceOf(name: string, text: string, keys: readonly Key[]): string[] {
  return [
    ...comment([text]),
    `export interface ${name} {`,
    ...keys.flatMap((key) => [...commentOf(key), `readonly ${key.name}${typeOf(key)};`]),
    "}",
    ...keys
      .filter((key) => key.keys.length > 0)
      .flatMap((key) => ["", ...interfaceOf(nameOf(key), key.comment.text, key.keys)]),
  ];
}

/** Names the type of a block: `StorageS3Args` for `storage.s3`. */
function nameOf({ path }: Key): string {
  const words = path.replaceAll("[]", "").split(".");
  return `${words.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join("")}Args`;
}

function typeOf(key: Key): string {
  const own = key.keys.length === 0 ? typeText(key.schema, !key.input) : nameOf(key);
  const listed = key.list ? `readonly ${own}[]` : own;
  const given = key.input ? `pulumi.Input<${listed}>` : listed;
  return key.optional ? `?: ${given} | undefined` : `: ${given}`;
}

function typeText(schema: JsonSchema, isReadonly: boolean): string {
  if (schema.enum !== undefined) return schema.enum.map((value) => JSON.stringify(value)).join(" | ");
  if (schema.anyOf !== undefined) {
    return schema.anyOf.map((one) => typeText(one as JsonSchema, isReadonly)).join(" | ");
  }
  switch (schema.type) {
    case "string":
    case "boolean":
    case "null":
      return schema.type;
    case "number":
    case "integer":
      return "number";
    case "array":
      return `${isReadonly ? "readonly " : ""}${grouped(typeText(schema.items as JsonSchema, isReadonly))}[]`;
    case "object":
      return objectText(schema, isReadonly);
    default:
      return "unknown";
  }
}

function objectText(
  { properties = {}, required = [], additionalProperties }: JsonSchema,
  isReadonly: boolean,
) {
  const more =
    typeof additionalProperties === "object"
      ? [`[key: string]: ${typeText(additionalProperties, isReadonly)}`]
      : [];
  const own = Object.entries(properties).map(
    ([name, of]) => `${name}${required.includes(name) ? "" : "?"}: ${typeText(of as JsonSchema, isReadonly)}`,
  );
  return `{ ${[...own, ...more].join("; ")} }`;
}

function grouped(type: string): string {
  return type.includes(" | ") ? `(${type})` : type;
}

function commentOf({ comment: { text, unit, default: given, see } }: Key): string[] {
  return comment([
    text,
    ...(unit === undefined ? [] : [`@unit ${unit}`]),
    ...(given === undefined ? [] : [`@default ${given}`]),
    ...(see === undefined ? [] : [`@see ${see}`]),
  ]);
}

function comment(paragraphs: readonly string[]): string[] {
  return ["/**", ...paragraphs.flatMap(wrapped).map((line) => ` * ${line}`), " */"];
}

function wrapped(text: string): string[] {
  const lines: string[] = [];
  for (const word of text.split(" ")) {
    const line = lines.at(-1);
    if (line !== undefined && line.length + 1 + word.length <= width) lines.push(`${lines.pop()} ${word}`);
    else lines.push(word);
  }
  return lines;
}
