import { strict as assert } from "node:assert";
import { z } from "zod";
import { argsSchema, plainOf, shapeOf } from "../../components/bsr-release/args";
import { defaultValue } from "../../tools/reference/comment";
import { everyKey } from "./arguments";

/** The paths of the keys that a rule does not hold for. */
function breaking(holds: (key: ReturnType<typeof everyKey>[number]) => boolean): string[] {
  return everyKey()
    .filter((key) => !holds(key))
    .map(({ path }) => path);
}

describe("the comments of the arguments", function () {
  this.timeout("2m");

  it("are read of every key, also in blocks and in lists of blocks", () => {
    const paths = everyKey().map(({ path }) => path);
    for (const path of ["version", "storage.s3.bucketName", "valuesFor[].versions", "bufd.ingress.tls"]) {
      assert.ok(paths.includes(path), path);
    }
    assert.equal(new Set(paths).size, paths.length);
  });

  it("tell of every key what it does, in sentences", () => {
    assert.deepEqual(
      breaking(({ comment }) => /^[A-Z`"].*\.$/.test(comment.text)),
      [],
    );
  });

  it("tell of every key that can be left out what happens then, and of no other", () => {
    assert.deepEqual(
      breaking(({ optional, comment }) => optional === (comment.default !== undefined)),
      [],
    );
  });

  it("give a default as JSON, or after a dash in words", () => {
    assert.deepEqual(
      breaking(({ comment }) => {
        if (comment.default?.startsWith("- ") === true) return true;
        try {
          defaultValue(comment);
          return true;
        } catch {
          return false;
        }
      }),
      [],
    );
  });

  it("tell of every number its unit, and of nothing else", () => {
    const isNumber = (schema: object) => /"type":"(number|integer)"/.test(JSON.stringify(schema));
    assert.deepEqual(
      breaking(({ schema, comment }) => isNumber(schema) === (comment.unit !== undefined)),
      [],
    );
  });

  it("give as source a whole address", () => {
    assert.deepEqual(
      breaking(({ comment }) => comment.see === undefined || /^https:\/\/\S+\/$/.test(comment.see)),
      [],
    );
  });

  it("give the default that the schema has", () => {
    const found = defaultsOf(argsSchema, "");
    assert.ok(found.has("namespace") && found.has("redis.tls.use") && found.has("releases[].notes"));
    for (const [path, value] of found) {
      const key = everyKey().find((one) => one.path === path);
      assert.ok(key !== undefined, path);
      assert.deepEqual(defaultValue(key.comment), value, path);
    }
  });
});

/** The defaults that the schema fills in, by path. */
function defaultsOf(block: z.ZodObject, prefix: string): Map<string, unknown> {
  const found = new Map<string, unknown>();
  for (const [name, schema] of Object.entries(shapeOf(block))) {
    const path = `${prefix}${name}`;
    if (schema instanceof z.ZodDefault) found.set(path, schema.def.defaultValue);
    if (schema instanceof z.ZodPrefault) found.set(path, schema.def.defaultValue);
    const plain = plainOf(schema);
    const item = plain instanceof z.ZodArray ? plainOf(plain.element) : undefined;
    for (const [inner, at] of [
      [plain, `${path}.`],
      [item, `${path}[].`],
    ] as const) {
      if (inner instanceof z.ZodObject) for (const one of defaultsOf(inner, at)) found.set(...one);
    }
  }
  return found;
}
