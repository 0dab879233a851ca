import assert from "node:assert/strict";
import { planFromObservation } from "../../components/bsr-release/ledger/plan";
import { requestFor, stateOf } from "./asking";
import { Instance } from "./instance";

/** The warnings of a plan where the release has records of other databases. */
function warnings(story: Instance, otherRecords: string[], adopt?: number): string[] {
  const request = requestFor("1.4.0", adopt === undefined ? {} : { policy: { adopt } });
  const result = planFromObservation(request, undefined, { ...story.observed(), otherRecords });
  return stateOf(result).plan.warnings.filter((text) => text.startsWith("other-database"));
}

describe("a release that begins on a database of which nothing is on record", () => {
  const others = ["db.example.com:5432/bsr", "old.example.com:5432/bsr"];

  for (const [what, story, adopt] of [
    ["is installed", new Instance()],
    ["is taken over", new Instance().isUpgradedByHand("1.4.0"), 1],
  ] as [string, Instance, number | undefined][]) {
    it(`is told of the records of other databases when it ${what}`, () => {
      const [text = ""] = warnings(story, others, adopt);
      assert.match(
        text,
        /^other-database: There is no record of the database postgres\.example\.com:5432\/bsr, but release bsr has a record of db\.example\.com:5432\/bsr and old\.example\.com:5432\/bsr\. .* write postgres\.host, /,
      );
    });
  }

  it("is told nothing where there is no other record", () => {
    assert.deepEqual(warnings(new Instance(), []), []);
  });
});
