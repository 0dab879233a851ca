import { strict as assert } from "node:assert";
import fc from "fast-check";
import {
  builtInFacts,
  FactsError,
  withAdditions,
  type ReleaseAddition,
} from "../../components/migrations/facts";
import { anyJson } from "./arbitrary";
import { additionKinds } from "./kinds/additions";
import { assertActionable } from "./words";

/** What a user is told; `undefined` where the additions can be used. */
function told(additions: readonly unknown[]): string | undefined {
  try {
    withAdditions(builtInFacts, additions as readonly ReleaseAddition[]);
    return undefined;
  } catch (error) {
    if (error instanceof FactsError) return error.message;
    throw error;
  }
}

describe("bad input in the added releases", () => {
  for (const { additions, told: words } of additionKinds) {
    it(`is told of: ${JSON.stringify(additions)}`, () => {
      const said = told(additions);
      assert.ok(said !== undefined, "they were taken");
      assertActionable(said, words);
    });
  }

  it("is told of in every record at once", () => {
    const said = told(additionKinds.flatMap(({ additions }) => additions)) ?? "";
    additionKinds.forEach((_, index) => assert.ok(said.includes(`releases[${index}]`), `${index}: ${said}`));
  });

  it("is told of or taken, whatever stands there", () => {
    const record = fc.oneof(
      anyJson,
      fc.record({
        version: fc.constantFrom("1.24.0", "1.0.0", "x"),
        databaseVersion: anyJson,
        notes: anyJson,
      }),
    );
    fc.assert(
      fc.property(fc.array(record, { maxLength: 3 }), (additions) => {
        const said = told(additions);
        if (said !== undefined && !/object|undefined|[A-Z]\w+Error/.test(JSON.stringify(additions))) {
          assertActionable(said.slice(0, 1000), "releases");
        }
      }),
      { numRuns: 300 },
    );
  });
});
