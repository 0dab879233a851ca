import assert from "node:assert/strict";
import { builtInFacts } from "../../components/migrations/facts";
import { snapshotOf } from "../../cli/plan-restore";

describe("the snapshot that --restore names", () => {
  const rows: [string, number, string, string][] = [
    ["1.7.0", 266, "1.7.0", "the version's own number"],
    ["1.4.0", 246, "1.4.0", "its own, which 1.4.1 has too"],
    ["1.9.0", 286, "1.9.1", "a number of the release above"],
    ["1.7.0", 281, "1.8.2", "the lowest release that has it"],
    ["1.7.0", 270, "1.8.0", "between two releases: the upper one was cut off while it migrated"],
    ["1.7.0", 999, "1.7.0", "above that of every known release"],
    ["1.8.3", 255, "1.8.3", "below its own, and of a known release"],
    ["1.0.0", 182, "1.0.0", "its own is not known"],
    ["1.99.0", 281, "1.99.0", "the version is not known"],
    ["v1", 266, "v1", "no version, which the planner refuses"],
  ];
  for (const [version, schemaVersion, owner, because] of rows) {
    it(`${version},${schemaVersion} belongs to ${owner}: ${because}`, () => {
      assert.deepEqual(snapshotOf(builtInFacts, `${version},${schemaVersion}`), {
        version,
        schemaVersion,
        schemaOwner: owner,
        highWaterMark: owner,
      });
    });
  }
});
