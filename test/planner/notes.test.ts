import { strict as assert } from "node:assert";
import { builtInFacts } from "../../components/migrations/facts";
import { notesOnTheWay } from "../../components/migrations/planner";

describe("the notes of a plan", () => {
  const noted = (from: string | null, to: string, steps: readonly string[]) =>
    notesOnTheWay(builtInFacts, {
      from,
      to,
      steps: steps.map((version) => ({ kind: "deploy", version, maintenance: false })),
    }).map(({ version }) => version);

  const rows: [string | null, string, readonly string[], readonly string[], string][] = [
    ["1.15.1", "1.16.1", ["1.16.1"], ["1.15.2", "1.16.0"], "also of releases that are passed by"],
    ["1.16.0", "1.16.1", ["1.16.1"], [], "not of the release it starts at"],
    [null, "1.16.0", ["1.16.0"], ["1.16.0"], "of an install only those of what is deployed"],
    ["1.8.0", "1.7.0", ["1.7.0"], ["1.7.0"], "on the way down only those of what is deployed"],
    ["1.16.0", "1.16.0", [], [], "none where there is nothing to do"],
  ];
  it("after a restore begin at the snapshot's version, wherever the instance stood", () => {
    const restored = (from: string, version: string, to: string) =>
      notesOnTheWay(builtInFacts, {
        from,
        to,
        steps: [
          { kind: "restore", version, schemaVersion: 320 },
          { kind: "deploy", version: to, maintenance: false },
        ],
      }).map((release) => release.version);
    assert.deepEqual(restored("1.14.0", "1.15.1", "1.15.1"), []);
    assert.deepEqual(restored("1.17.0", "1.15.1", "1.15.2"), ["1.15.2"]);
    assert.deepEqual(restored("1.15.2", "1.15.1", "1.16.1"), ["1.15.2", "1.16.0"]);
  });

  for (const [from, to, steps, expected, because] of rows) {
    it(`from ${from ?? "nothing"} to ${to} are ${expected.join(", ") || "none"}: ${because}`, () => {
      assert.deepEqual(noted(from, to, steps), expected);
    });
  }
});
