import assert from "node:assert/strict";
import { builtInFacts } from "../../components/migrations/facts";
import { restoredTo } from "../../components/migrations/planner";
import { ask, planned, type Question } from "./asking";
import { factsOf } from "./made-up";
import { planTable, refusalTable } from "./tables";

describe("R18 restore: the snapshot first, then R2 on what it had", () => {
  const of170 = { version: "1.7.0", schemaVersion: 266 };
  planTable([
    {
      from: "1.9.1",
      to: "1.7.0",
      restore: of170,
      steps: ["restore 1.7.0 at 266", "deploy 1.7.0"],
      direction: "restore",
      ownerAfter: "1.7.0",
      markAfter: "1.7.0",
      warnings: [],
      because: "two minors below the present mark, which is not the snapshot's",
    },
    {
      from: "1.7.0",
      to: "1.7.0",
      restore: of170,
      steps: ["restore 1.7.0 at 266", "deploy 1.7.0"],
      direction: "restore",
      because: "a restore is never nothing to do (R3)",
    },
    {
      from: null,
      to: "1.8.3",
      restore: { version: "1.8.0", schemaVersion: 279 },
      steps: ["restore 1.8.0 at 279", "deploy 1.8.3"],
      direction: "restore",
      ownerAfter: "1.8.3",
      markAfter: "1.8.3",
      because: "nothing is deployed, and the target is above the owner in its minor",
    },
    {
      from: "1.12.1",
      to: "1.9.0",
      restore: { version: "1.9.0", schemaVersion: 286, owner: "1.9.1", mark: "1.10.0" },
      steps: ["restore 1.9.0 at 286", "deploy 1.9.0"],
      ownerAfter: "1.9.1",
      markAfter: "1.10.0",
      because: "the owner's minor, and nothing is migrated",
    },
    {
      from: "1.12.1",
      to: "1.8.3",
      restore: { version: "1.9.0", schemaVersion: 286, owner: "1.9.1" },
      steps: ["restore 1.9.0 at 286", "deploy 1.8.3", "down 281 by 1.9.1"],
      direction: "restore",
      ownerAfter: "1.8.3",
      markAfter: "1.9.1",
      because: "one minor below the snapshot's owner (R11)",
    },
    {
      from: "1.9.1",
      to: "1.9.0",
      restore: { version: "1.9.1", schemaVersion: 286, owner: "1.8.3", mark: "1.7.0" },
      steps: ["restore 1.9.1 at 286", "deploy 1.9.0"],
      ownerAfter: "1.9.1",
      markAfter: "1.9.1",
      because: "owner and mark are raised to the snapshot's version",
    },
    {
      from: "1.8.3",
      to: "1.7.0",
      restore: { version: "1.8.3", schemaVersion: 281, mark: "1.9.1" },
      acknowledge: "1.9.1->1.7.0",
      steps: ["restore 1.8.3 at 281", "deploy 1.7.0", "down 266 by 1.8.3"],
      markAfter: "1.9.1",
      warnings: [],
      because: "below the snapshot's mark, and acknowledged (R12)",
    },
  ]);
});

describe("R18 restore wins over the position", () => {
  const restore = { version: "1.2.0", schemaVersion: 239 };
  const steps = ["restore 1.2.0 at 239", "deploy 1.2.0"];
  planTable([
    {
      from: "1.2.0",
      to: "1.2.0",
      owner: "1.7.0",
      unsettled: true,
      restore,
      steps,
      because: "an unfinished jump",
    },
    { from: "1.2.0", to: "1.2.0", inMaintenance: true, restore, steps, because: "maintenance was left on" },
    { from: null, to: "1.2.0", owner: "1.9.1", restore, steps, because: "the present owner is far away" },
    {
      from: "1.2.0",
      to: "1.2.0",
      mark: "2.0.0",
      restore,
      steps,
      because: "the present mark is of another major",
    },
    { from: "1.77.0", to: "1.2.0", restore, steps, because: "the deployed version need not be known" },
    {
      from: "1.4.0",
      to: "1.2.0",
      noSnapshots: true,
      restore,
      steps,
      warnings: [],
      because: "no snapshot is taken, so none is missed",
    },
    {
      from: "1.4.0",
      to: "1.2.0",
      strategy: "maintenance",
      restore,
      steps,
      warnings: [],
      because: "it has downtime with either strategy, and needs none to be allowed",
    },
    {
      from: "1.4.0",
      to: "1.2.0",
      finished: { snapshot: "1.4.0", dataMigrations: ["1.2.0"] },
      restore,
      steps,
      because: "nothing that was finished on the present database counts",
    },
    {
      from: "1.4.0",
      to: "1.2.0",
      acknowledge: "1.4.0->1.2.0",
      restore,
      steps,
      warnings: ["acknowledgement-unused"],
      because: "the loss that was acknowledged is not on this way",
    },
    {
      from: "1.23.0",
      to: "1.23.0",
      restore: { version: "1.23.5", schemaVersion: 360, owner: "1.24.0" },
      steps: ["restore 1.23.5 at 360", "deploy 1.23.0", "down 359 by 1.24.0"],
      because: "the snapshot's versions need not be known",
    },
  ]);
});

describe("R18 restore is refused", () => {
  const restore = { version: "1.9.0", schemaVersion: 286, owner: "1.9.1" };
  const alone = ["reinstall-owner-first"];
  refusalTable([
    { from: "1.9.1", to: "1.7.0", restore, codes: alone, because: "two minors below the snapshot's owner" },
    {
      from: "1.9.1",
      to: "1.10.0",
      restore,
      codes: alone,
      because: "one above, where R4 would go from 1.9.1",
    },
    { from: "1.9.1", to: "1.17.0", restore, noLicense: true, codes: alone, because: "it stands alone" },
    { from: "1.9.1", to: "1.9.2", restore, codes: ["unknown-release"], because: "the target must be known" },
    {
      from: "v1",
      to: "1.9.1",
      restore,
      codes: ["invalid-version"],
      because: "the deployed version must be exact",
    },
    {
      from: "1.9.1",
      to: "1.9.1",
      restore: { version: "", schemaVersion: 1, owner: "v1.9.1", mark: "1.9" },
      codes: ["invalid-version", "invalid-version", "invalid-version"],
      because: "so must those of the snapshot, and each is told",
    },
    {
      from: "1.8.3",
      to: "1.7.0",
      restore: { version: "1.8.3", schemaVersion: 281, mark: "1.9.1" },
      acknowledge: "1.8.3->1.7.0",
      codes: ["below-high-water-mark"],
      because: "the mark is the snapshot's",
    },
    {
      from: "1.1.0",
      to: "1.0.0",
      restore: { version: "1.1.0", schemaVersion: 222 },
      codes: ["unknown-schema-version"],
      because: "nobody knows what to migrate down to (R14)",
    },
    {
      from: "1.15.2",
      to: "1.16.1",
      restore: { version: "1.16.0", schemaVersion: 322 },
      noLicense: true,
      codes: ["license-required"],
      because: "what is deployed must have its values (R15)",
    },
    {
      from: "1.1.0",
      to: "2.0.0",
      facts: factsOf({ "1.1.0": 1, "2.0.0": 9 }),
      restore: { version: "1.1.0", schemaVersion: 1 },
      codes: alone,
      because: "infinitely many minors away",
    },
  ]);
});

describe("R18 what a person tells of a restored database", () => {
  const told = (text: string): NonNullable<Question["restore"]> => {
    const snapshot = restoredTo(builtInFacts, text);
    assert.ok(snapshot);
    const { version, schemaVersion, schemaOwner: owner, highWaterMark: mark } = snapshot;
    return { version, schemaVersion, owner, mark };
  };
  planTable([
    {
      from: "1.7.0",
      to: "1.7.0",
      restore: told("1.7.0,270"),
      steps: ["restore 1.7.0 at 270", "deploy 1.7.0", "down 266 by 1.8.0"],
      ownerAfter: "1.7.0",
      markAfter: "1.8.0",
      because: "1.8.0 was cut off while it migrated, and only it knows the number",
    },
    {
      from: "1.7.0",
      to: "1.8.0",
      restore: told("1.7.0,270"),
      steps: ["restore 1.7.0 at 270", "deploy 1.8.0"],
      ownerAfter: "1.8.0",
      markAfter: "1.8.0",
      because: "the owner goes on with what it began",
    },
    {
      from: "1.7.0",
      to: "1.9.0",
      restore: told("1.9.0,285"),
      steps: ["restore 1.9.0 at 285", "deploy 1.9.0"],
      ownerAfter: "1.9.1",
      markAfter: "1.9.1",
      because: "a patch between: 1.9.0 has 284, and 1.9.1 has 286",
    },
    {
      from: "1.7.0",
      to: "1.7.0",
      restore: told("1.7.0,266"),
      steps: ["restore 1.7.0 at 266", "deploy 1.7.0"],
      ownerAfter: "1.7.0",
      markAfter: "1.7.0",
      because: "its own number is its own",
    },
  ]);
});

describe("R18 a plan with a restore", () => {
  it("is exactly the object of the contract", () => {
    const restore = { version: "1.7.0", schemaVersion: 276 };
    assert.deepEqual(
      planned(ask({ from: "1.9.1", to: "1.6.0", owner: "1.9.1", strategy: "maintenance", restore })),
      {
        outcome: "plan",
        direction: "restore",
        from: "1.9.1",
        to: "1.6.0",
        strategy: "sequential",
        steps: [
          { kind: "restore", version: "1.7.0", schemaVersion: 276 },
          { kind: "deploy", version: "1.6.0", maintenance: false },
          { kind: "migrateDown", binary: "1.7.0", schemaVersion: 255 },
        ],
        warnings: [],
        highWaterMark: "1.7.0",
        schemaOwner: "1.6.0",
        downtime: true,
        mayLoseData: true,
      },
    );
  });
});
