import { strict as assert } from "node:assert";
import type { LedgerPlan, LedgerPosition } from "../../components/bsr-release/ledger-state";
import { planLines, stepTexts } from "../../components/bsr-release/plan-text";
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

const position: LedgerPosition = { deployedVersion: "1.6.0", schemaOwner: "1.6.0", settled: true };

const lines = (changes: Partial<LedgerPlan> = {}) =>
  planLines(builtInFacts, { ...plan, ...changes }, position);

describe("a plan as lines", () => {
  it("says where from and where to, the hash to approve, every step and the downtime", () => {
    assert.deepEqual(lines(), [
      "1.6.0 to 1.8.3 (upgrade), plan 0123456789abcdef",
      "1. deploy 1.7.0 (schema version 266)",
      "2. wait until the data migration of 1.7.0 has completed (schema version 266)",
      "3. deploy 1.8.3 (schema version 281)",
      "downtime: none",
    ]);
  });

  it("says what a reviewer must not miss: downtime, loss of data, warnings, what was assumed", () => {
    assert.deepEqual(
      lines({
        downtime: true,
        mayLoseData: true,
        warnings: ["no-snapshot: take one", "maintenance-not-used: nothing"],
        assumed: "the cluster was not looked at: no route",
      }).slice(-5),
      [
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
      planLines(builtInFacts, { ...install, direction: "install" }, { settled: false })[0],
      "nothing deployed to 1.8.3 (install), plan 0123456789abcdef",
    );
  });
});

describe("a step's text", () => {
  it("has its place in the plan", () => {
    assert.deepEqual(stepTexts(builtInFacts, plan, position), [
      "deploy 1.7.0 (step 1 of 3)",
      "wait until the data migration of 1.7.0 has completed (step 2 of 3)",
      "deploy 1.8.3 (step 3 of 3)",
    ]);
  });
});
