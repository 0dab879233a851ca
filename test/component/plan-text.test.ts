import { strict as assert } from "node:assert";
import type { LedgerPlan } from "../../components/bsr-release/ledger-state";
import { planLines, stepText } from "../../components/bsr-release/plan-text";
import { builtInFacts } from "../../components/migrations/facts";

const plan: LedgerPlan = {
  transition: 7,
  lineage: 7,
  direction: "upgrade",
  from: "1.6.0",
  to: "1.8.3",
  steps: [
    { kind: "deploy", version: "1.7.0", maintenance: false },
    { kind: "awaitDataMigration", version: "1.7.0" },
    { kind: "deploy", version: "1.8.3", maintenance: false },
  ],
  warnings: [],
  description: "transition 7: deploy 1.8.3",
  highWaterMark: "1.8.3",
  schemaOwner: "1.8.3",
  downtime: false,
  mayLoseData: false,
  hash: "0123456789abcdef",
};

const lines = (changes: Partial<LedgerPlan> = {}) => planLines(builtInFacts, { ...plan, ...changes });

describe("a plan as lines", () => {
  it("says where from and where to, the hash to approve, every step and the downtime", () => {
    assert.deepEqual(lines(), [
      "1.6.0 to 1.8.3 (upgrade), plan 0123456789abcdef",
      "1. deploy 1.7.0 (schema version 266)",
      "2. wait for the data migration of 1.7.0",
      "3. deploy 1.8.3 (schema version 281)",
      "downtime: none",
    ]);
  });

  it("says what a reviewer must not miss: downtime, loss of data, warnings, what was assumed", () => {
    assert.deepEqual(
      lines({
        steps: [{ kind: "deploy", version: "1.8.3", maintenance: true }],
        downtime: true,
        mayLoseData: true,
        warnings: ["no-snapshot: take one", "maintenance-not-used: nothing"],
        assumed: "the cluster was not looked at: no route",
      }).slice(1),
      [
        "1. deploy 1.8.3 (schema version 281, maintenance on)",
        "downtime: while maintenance is on",
        "data of newer features may be lost",
        "warning: no-snapshot: take one",
        "warning: maintenance-not-used: nothing",
        "assumed: the cluster was not looked at: no route",
      ],
    );
  });

  it("says that there is nothing to do", () => {
    assert.deepEqual(lines({ steps: [], direction: "none" }).slice(1), ["nothing to do", "downtime: none"]);
  });

  it("says of an install that nothing is deployed", () => {
    const { from: _from, ...install } = plan;
    assert.equal(
      planLines(builtInFacts, { ...install, direction: "install" })[0],
      "nothing deployed to 1.8.3 (install), plan 0123456789abcdef",
    );
  });

  const steps: [LedgerPlan["steps"][number], string][] = [
    [{ kind: "deploy", version: "1.0.0", maintenance: false }, "deploy 1.0.0"],
    [{ kind: "deploy", version: "1.0.0", maintenance: true }, "deploy 1.0.0 (maintenance on)"],
    [{ kind: "snapshot", version: "1.4.0" }, "take a snapshot at 1.4.0"],
    [
      { kind: "migrateDown", binary: "1.9.1", schemaVersion: 281 },
      "migrate the database down to 281 with 1.9.1",
    ],
  ];
  for (const [step, text] of steps) {
    it(`says "${text}"`, () => {
      assert.equal(stepText(builtInFacts, step), text);
    });
  }
});
