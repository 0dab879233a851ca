import assert from "node:assert/strict";
import { z } from "zod";
import { schemaErrors } from "../../components/migrations/schema-errors";

describe("what a schema found wrong", () => {
  const said = (schema: z.ZodType, value: unknown) =>
    schema.safeParse(value, { error: schemaErrors }).error?.issues.map(({ message }) => message);

  it("names what each alternative of a union wants", () => {
    assert.deepEqual(said(z.union([z.number(), z.string()]), true), ["must be a number or text"]);
    assert.deepEqual(said(z.union([z.boolean(), z.array(z.string()), z.object({})]), 1), [
      "must be true or false, a list or a map",
    ]);
  });

  it("names the values of the key that tells alternatives apart", () => {
    const kinds = z.discriminatedUnion("kind", [
      z.object({ kind: z.literal("one") }),
      z.object({ kind: z.literal("two") }),
    ]);
    assert.deepEqual(said(kinds, { kind: "three" }), ["must be one or two"]);
  });

  it("does not guess which alternative was meant where part of one is wrong", () => {
    assert.deepEqual(said(z.union([z.string(), z.array(z.string())]), [1]), ["cannot be used"]);
  });
});
