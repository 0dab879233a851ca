import { strict as assert } from "node:assert";
import type { BsrReleaseArgs } from "../../components/bsr-release/args";
import { ArgumentError, argsSchema } from "../../components/bsr-release/args";
import { prepare } from "../../components/bsr-release/check-arguments";
import { assertActionable } from "./words";

/** What only a program can give, and no configuration. */
const strange: readonly (readonly [string, unknown])[] = [
  ["a function", () => "1.5.1"],
  ["a symbol", Symbol("1.5.1")],
  ["not a number", Number.NaN],
  ["infinity", Number.POSITIVE_INFINITY],
  ["a big integer", 5n],
  ["a date", new Date(0)],
  ["a map", new Map([["host", "db"]])],
  ["an error", new Error("no host")],
  ["an object without a prototype", Object.create(null)],
];

describe("bad input in an argument", () => {
  for (const key of Object.keys(argsSchema.shape)) {
    it(`is told of or taken, whatever a program gives as ${key}`, () => {
      for (const [what, value] of strange) {
        try {
          prepare({ version: "1.5.1", host: "bsr.example.com", [key]: value });
        } catch (error) {
          assert.ok(error instanceof ArgumentError, `${what}: ${String(error)}`);
          assertActionable(error.message, key);
        }
      }
    });
  }

  it("is told of in every block at once", () => {
    const blocks = {
      postgres: 5,
      redis: 5,
      storage: 5,
      auth: 5,
      snapshot: 5,
      dataMigrations: 5,
      migrateDown: 5,
    };
    assert.throws(
      () => prepare({ version: "1.5.1", host: "bsr.example.com", ...blocks } as unknown as BsrReleaseArgs),
      (error: Error) => {
        assertActionable(error.message, "must be a map");
        return Object.keys(blocks).every((key) => error.message.includes(`- ${key}: must be a map`));
      },
    );
  });
});
