import assert from "node:assert/strict";
import { builtInFacts } from "../../components/migrations/facts";
import type { Refusal } from "../../components/migrations/planner";
import { ask, planned, refused, title, type Question } from "./asking";
import { factsOf } from "./made-up";

/** Whole texts, because a text that nobody reads is where the mistakes stay. */
function refusesWith(question: Question, ...wanted: Refusal[]): void {
  it(`${title(question)}: ${wanted.map(({ code }) => code).join(", ")}`, () => {
    assert.deepEqual(refused(ask(question)), wanted);
  });
}

function warnsWith(question: Question, code: string, message: string): void {
  it(`${title(question)}: ${code}`, () => {
    assert.deepEqual(
      planned(ask(question)).warnings.filter((warning) => warning.code === code),
      [{ code, message }],
    );
  });
}

const exact =
  "A version is written major.minor.patch in plain numbers: no leading v or zeros, no range, no prerelease, " +
  "no build suffix.";

describe("the texts of refusals", () => {
  refusesWith(
    { from: "1.4.0", to: "v1.5.1" },
    {
      code: "invalid-version",
      found: 'The target is "v1.5.1", which is not an exact version.',
      wanted: exact,
      remedy: "Set version to an exact version, such as 1.5.1.",
    },
  );
  refusesWith(
    { from: "one", to: "1.5.1", owner: "", mark: "1.4" },
    {
      code: "invalid-version",
      found: 'The deployed version is "one", which is not an exact version.',
      wanted: exact,
      remedy: "Give the deployed version as an exact version, such as 1.9.1.",
    },
    {
      code: "invalid-version",
      found: 'The schema owner is "", which is not an exact version.',
      wanted: exact,
      remedy: "Give the schema owner as an exact version, such as 1.9.1.",
    },
    {
      code: "invalid-version",
      found: 'The high-water mark is "1.4", which is not an exact version.',
      wanted: exact,
      remedy: "Give the high-water mark as an exact version, such as 1.9.1.",
    },
  );
  refusesWith(
    { from: "1.9.1", to: "1.7.0", acknowledge: "yes" },
    {
      code: "invalid-version",
      found: 'acknowledgeDataLoss is "yes", which is not a pair of exact versions.',
      wanted:
        'An acknowledgement is written "<high-water mark>-><target>", both exact versions, without spaces.',
      remedy:
        "Remove acknowledgeDataLoss. If the path needs one, the refusal below-high-water-mark prints the text to set.",
    },
  );
  refusesWith(
    { from: "1.4.0", to: "1.5.7" },
    {
      code: "unknown-release",
      found: "The target 1.5.7 is not among the known releases.",
      wanted: "A known release: the newest of 1.5 is 1.5.1.",
      remedy:
        "If 1.5.7 was published, add it under the configuration key releases with its databaseVersion from Buf's " +
        "release notes; otherwise correct the version.",
    },
  );
  refusesWith(
    { from: "1.77.0", to: "1.23.0" },
    {
      code: "unknown-release",
      found: "The deployed version 1.77.0 is not among the known releases.",
      wanted: "A known release: there is none of 1.77, and the newest of all is 1.23.0.",
      remedy:
        "If 1.77.0 was published, add it under the configuration key releases with its databaseVersion from Buf's " +
        "release notes; otherwise correct the version.",
    },
  );
  const gaps = factsOf({ "1.1.0": 1, "1.4.0": 4, "2.0.0": 9 });
  refusesWith(
    { facts: gaps, from: "1.1.0", to: "1.4.0" },
    {
      code: "unknown-path",
      found: "The path from 1.1.0 to 1.4.0 leads over 1.2, 1.3, and no release of them is known.",
      wanted: "Every minor between 1.1 and 1.4 has a known release.",
      remedy:
        "Add a release of 1.2 and of 1.3 under the configuration key releases, or choose another version.",
    },
  );
  refusesWith(
    { facts: gaps, from: "1.4.0", to: "2.0.0" },
    {
      code: "unknown-path",
      found: "The path from 1.4.0 to 2.0.0 crosses a major version.",
      wanted: "A path stays within one major version: no way from one to the next is documented.",
      remedy: "Set version to a release of 1.x.",
    },
  );
  refusesWith(
    { from: null, to: "1.12.1", owner: "1.9.1" },
    {
      code: "reinstall-owner-first",
      found: "Nothing is deployed, the database belongs to 1.9.1, and the target is 1.12.1.",
      wanted:
        "The first deploy on a used database is a release of the schema owner's minor 1.9, or of the minor below it.",
      remedy:
        "Set version to 1.9.1 and run pulumi up, which installs the schema owner again; then set version to 1.12.1.",
    },
  );
  refusesWith(
    { from: "1.12.1", to: "1.12.1", restore: { version: "1.9.0", schemaVersion: 286, owner: "1.9.1" } },
    {
      code: "reinstall-owner-first",
      found: "The snapshot's database belongs to 1.9.1, and the target is 1.12.1.",
      wanted:
        "The first deploy on a used database is a release of the schema owner's minor 1.9, or of the minor below it.",
      remedy:
        "Set version to 1.9.1 and run pulumi up, which restores the snapshot and installs its schema owner; then set " +
        "version to 1.12.1.",
    },
  );
  refusesWith(
    { from: "1.9.1", to: "1.9.1", restore: { version: "v1.9.0", schemaVersion: 286, owner: "x", mark: "" } },
    {
      code: "invalid-version",
      found: 'The snapshot\'s version is "v1.9.0", which is not an exact version.',
      wanted: exact,
      remedy: "Give the snapshot's version as an exact version, such as 1.9.0.",
    },
    {
      code: "invalid-version",
      found: 'The snapshot\'s schema owner is "x", which is not an exact version.',
      wanted: exact,
      remedy: "Give the snapshot's schema owner as an exact version, such as 1.9.1.",
    },
    {
      code: "invalid-version",
      found: 'The snapshot\'s high-water mark is "", which is not an exact version.',
      wanted: exact,
      remedy: "Give the snapshot's high-water mark as an exact version, such as 1.9.1.",
    },
  );
  refusesWith(
    { from: "1.2.0", to: "1.6.0", owner: "1.6.0" },
    {
      code: "unfinished-maintenance",
      found:
        "1.2.0 is the deployed version, and a deploy of 1.6.0 was begun and never verified, so the database may " +
        "belong to 1.6.0; the target is 1.6.0 with the strategy sequential.",
      wanted:
        "An unfinished jump over several minors is finished with the strategy maintenance, at a target in or above " +
        "the minor of the schema owner.",
      remedy:
        "Finish it: set strategy to maintenance and version to 1.6.0 or a later release. Or restore the snapshot taken " +
        "at 1.2.0.",
    },
  );
  refusesWith(
    { from: "1.2.0", to: "1.6.0", owner: "1.6.0", strategy: "maintenance", noSnapshots: true },
    {
      code: "downtime-not-allowed",
      found:
        "The strategy maintenance takes the BSR down from 1.2.0 to 1.6.0, and allowDowntime is not true.",
      wanted: "A path through maintenance mode needs downtime to be allowed.",
      remedy: "Set allowDowntime to true, or restore the snapshot that was taken before the unfinished jump.",
    },
    {
      code: "snapshot-required",
      found:
        "The strategy maintenance takes the BSR from 1.2.0 to 1.6.0 in one deploy, and no snapshot method is given.",
      wanted: "A path through maintenance mode needs a snapshot, the only way back from a failed jump.",
      remedy:
        "Set snapshot to a snapshot method, or restore the snapshot that was taken before the unfinished jump.",
    },
  );
  refusesWith(
    { from: "1.6.0", to: "1.3.1", acknowledge: "1.6.0->1.3.0" },
    {
      code: "below-high-water-mark",
      found:
        "The way to 1.3.1 migrates the database down to the minor 1.3, and the high-water mark, the highest version " +
        'ever attempted on it, is 1.6.0, and acknowledgeDataLoss is "1.6.0->1.3.0".',
      wanted: "A database is migrated down at most one minor below its high-water mark: to 1.5 here.",
      remedy:
        "Restore a snapshot that was taken at 1.3.1. If there is none and you accept the loss of data, set " +
        'acknowledgeDataLoss to "1.6.0->1.3.1".',
    },
  );
  refusesWith(
    { from: "1.1.0", to: "1.0.0" },
    {
      code: "unknown-schema-version",
      found: "The way migrates the database down to 1.0.0, and the schema version of 1.0.0 is not known.",
      wanted: "A database is migrated down only to a release whose schema version is known.",
      remedy:
        "If the database version of 1.0.0 can be found, add 1.0.0 with it as databaseVersion under the configuration " +
        "key releases. Otherwise set version to 1.0.4.",
    },
  );
  refusesWith(
    { from: "1.8.0", to: "1.17.0", strategy: "maintenance", noSnapshots: true, noLicense: true },
    {
      code: "downtime-not-allowed",
      found:
        "The strategy maintenance takes the BSR down from 1.8.0 to 1.17.0, and allowDowntime is not true.",
      wanted: "A path through maintenance mode needs downtime to be allowed.",
      remedy: "Set allowDowntime to true, or set strategy to sequential, which has no downtime.",
    },
    {
      code: "snapshot-required",
      found:
        "The strategy maintenance takes the BSR from 1.8.0 to 1.17.0 in one deploy, and no snapshot method is given.",
      wanted: "A path through maintenance mode needs a snapshot, the only way back from a failed jump.",
      remedy: "Set snapshot to a snapshot method, or set strategy to sequential.",
    },
    {
      code: "license-required",
      found: "The path deploys 1.17.0 without license.key.",
      wanted:
        "From 1.16.0 on, the BSR does not start without a license. (releases >=1.16.0; " +
        "https://buf.build/docs/bsr/admin/on-prem/release-notes/)",
      remedy: "Set license, for every release >=1.16.0 on the path.",
    },
  );
});

describe("the texts of warnings", () => {
  warnsWith(
    { from: "1.4.0", to: "1.5.1", noSnapshots: true },
    "no-snapshot",
    "No snapshot of the database is taken at 1.4.0 before the first deploy, because no snapshot method is given. Set " +
      "snapshot to a snapshot method, or take one yourself.",
  );
  warnsWith(
    { from: "1.4.0", to: "1.5.1", strategy: "maintenance" },
    "maintenance-not-used",
    "The strategy is maintenance, and no step of this plan uses it: it serves only a way up over three or more minors " +
      "between required stops. The plan has no downtime.",
  );
  warnsWith(
    { from: "1.2.0", to: "1.12.1" },
    "maintenance-shorter",
    "With downtime, the way from 1.2.0 to 1.7.0 and from 1.7.0 to 1.12.1 is shorter: set strategy to maintenance and " +
      "allowDowntime to true. This plan goes minor by minor and has no downtime.",
  );
  warnsWith(
    { from: "1.4.0", to: "1.5.1", acknowledge: "1.9.1->1.7.0" },
    "acknowledgement-unused",
    'acknowledgeDataLoss is "1.9.1->1.7.0", and this plan does not need it. Remove it.',
  );
});

describe("a plan as a whole", () => {
  it("is exactly the object of the contract", () => {
    assert.deepEqual(
      ask({ facts: builtInFacts, from: "1.9.0", to: "1.8.3", owner: "1.9.1", mark: "1.9.1" }),
      {
        outcome: "plan",
        direction: "downgrade",
        from: "1.9.0",
        to: "1.8.3",
        strategy: "sequential",
        steps: [
          { kind: "snapshot", version: "1.9.0" },
          { kind: "deploy", version: "1.8.3", maintenance: false },
          { kind: "migrateDown", binary: "1.9.1", schemaVersion: 281 },
        ],
        warnings: [],
        highWaterMark: "1.9.1",
        schemaOwner: "1.8.3",
        downtime: false,
        mayLoseData: true,
      },
    );
  });
});
