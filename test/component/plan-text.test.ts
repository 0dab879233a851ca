import { strict as assert } from "node:assert";
import type { LedgerPlan, LedgerPosition } from "../../components/bsr-release/ledger/state";
import { planLines, planReport, stepTexts } from "../../components/bsr-release/plan/text";
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

const lines = (changes: Partial<LedgerPlan> = {}, from = position) =>
  planLines(builtInFacts, { ...plan, ...changes }, from);

describe("a plan as lines", () => {
  it("says where from and where to, the hash to approve, every step and the downtime", () => {
    assert.deepEqual(lines(), [
      "1.6.0 to 1.8.3 (upgrade), plan 0123456789abcdef",
      "1. deploy 1.7.0 (schema version 266)",
      "2. wait until the data migration of 1.7.0 has completed (schema version 266)",
      "3. deploy 1.8.3 (schema version 281)",
      "downtime: none",
      "loss of data: none",
    ]);
  });

  it("says what a reviewer must not miss: downtime, loss of data, warnings, what was assumed", () => {
    assert.deepEqual(
      lines({
        steps: [
          { kind: "deploy", version: "1.6.0", maintenance: true },
          { kind: "snapshot", version: "1.6.0" },
          { kind: "deploy", version: "1.8.3", maintenance: false },
        ],
        downtime: true,
        warnings: ["no-snapshot: take one", "maintenance-not-used: nothing"],
        assumed: "the cluster was not looked at: no route",
      }).filter((line) => /^(downtime|loss|warning|assumed)/.test(line)),
      [
        "downtime: from step 1 (1.6.0 with maintenance on) until step 3 (1.8.3) is verified",
        "loss of data: none",
        "warning: no-snapshot: take one",
        "warning: maintenance-not-used: nothing",
        "assumed: the cluster was not looked at: no route",
      ],
    );
  });

  const down = { kind: "deploy", version: "1.8.3", maintenance: false } as const;
  const lossOf = (steps: LedgerPlan["steps"], position: LedgerPosition) =>
    lines({ steps, direction: "downgrade", to: "1.8.3", mayLoseData: true }, position).find((line) =>
      line.startsWith("loss of data"),
    );

  it("names the migrations that a way down undoes", () => {
    assert.equal(
      lossOf([down, { kind: "migrateDown", binary: "1.9.1", schemaVersion: 281 }], {
        deployedVersion: "1.9.0",
        schemaOwner: "1.9.1",
        settled: true,
      }),
      "loss of data: what is stored in the tables and columns that migrations 282 to 286 of 1.9.1 brought; " +
        "an upgrade brings them back empty",
    );
  });

  it("names the release alone where nobody knows its schema version", () => {
    assert.equal(
      lossOf([down, { kind: "migrateDown", binary: "1.9.9", schemaVersion: 281 }], {
        deployedVersion: "1.9.0",
        schemaOwner: "1.9.9",
        settled: true,
      }),
      "loss of data: what is stored in the tables and columns that 1.9.9 brought; an upgrade brings them back empty",
    );
  });

  it("says what a restore costs", () => {
    const restore = { kind: "restore", version: "1.7.0", schemaVersion: 266 } as const;
    const deploy = { kind: "deploy", version: "1.7.0", maintenance: false } as const;
    assert.deepEqual(
      lines({
        direction: "restore",
        to: "1.7.0",
        steps: [restore, deploy],
        downtime: true,
        mayLoseData: true,
      }),
      [
        "1.6.0 to 1.7.0 (restore), plan 0123456789abcdef",
        "1. restore the snapshot of 1.7.0 (schema version 266) beside the present database and switch over to it",
        "2. deploy 1.7.0 (schema version 266)",
        "downtime: until the restored database serves",
        "loss of data: what was written since the snapshot is only in the previous database, which is kept",
      ],
    );
  });

  it("says in a preview also how long it may take, what to know of the releases, and what the rows are that go away", () => {
    const report = planReport(
      builtInFacts,
      { ...plan, duration: "about 2 min", forgets: 6, warnings: ["no-snapshot: take one"] },
      position,
    );
    assert.deepEqual(report.slice(0, 6), lines());
    assert.deepEqual(report.slice(6), [
      "duration: about 2 min",
      "note: 1.7.0: After start-up it migrates data in the background; no later minor may be deployed before that has completed.",
      "warning: no-snapshot: take one",
      "rows to delete: records of the steps of transition 6, which is over; deleting them runs and undoes nothing",
    ]);
  });

  it("says that there is nothing to do", () => {
    assert.deepEqual(lines({ steps: [], direction: "none" }).slice(1), [
      "nothing to do",
      "downtime: none",
      "loss of data: none",
    ]);
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
