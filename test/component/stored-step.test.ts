import { strict as assert } from "node:assert";
import { storedStep } from "../../components/bsr-release/ledger/stored-step";
import type { Step } from "../../components/migrations/planner";

describe("a step in the stack's state", () => {
  const rows: [Step, string][] = [
    [{ kind: "deploy", version: "1.5.1", maintenance: false }, "deploy 1.5.1"],
    [{ kind: "deploy", version: "1.7.0", maintenance: true }, "deploy 1.7.0 with maintenance on"],
    [{ kind: "snapshot", version: "1.4.0" }, "take a snapshot at 1.4.0"],
    [{ kind: "awaitDataMigration", version: "1.7.0" }, "await the data migration of 1.7.0"],
    [{ kind: "migrateDown", binary: "1.9.1", schemaVersion: 281 }, "migrate down to 281 with 1.9.1"],
    [
      { kind: "restore", version: "1.7.0", schemaVersion: 276 },
      "restore the snapshot of 1.7.0 at schema version 276",
    ],
  ];
  for (const [step, text] of rows) {
    it(`is one line, "${text}", and the same step again when it is read`, () => {
      assert.equal(storedStep.encode(step), text);
      assert.deepEqual(storedStep.decode(text), step);
    });
  }

  for (const text of [
    "",
    "deploy",
    "deploy 1.5.1 twice",
    "migrate down to x with 1.9.1",
    "restore the snapshot of 1.7.0",
  ]) {
    it(`is refused when it reads "${text}"`, () => {
      assert.throws(() => storedStep.decode(text), /is not a step of a plan/);
    });
  }
});
