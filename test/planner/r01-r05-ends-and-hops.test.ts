import { planTable, refusalTable } from "./tables";
import { factsOf } from "./made-up";

describe("R1 known releases", () => {
  refusalTable([
    { from: "1.4.0", to: "1.4.9", codes: ["unknown-release"], because: "the target is in no table" },
    {
      from: "1.4.9",
      to: "1.5.1",
      codes: ["unknown-release"],
      because: "the deployed version is in no table",
    },
    {
      from: "1.4.9",
      to: "1.5.9",
      codes: ["unknown-release", "unknown-release"],
      because: "neither end is known",
    },
    { from: "1.4.0", to: "v1.5.1", codes: ["invalid-version"], because: "a leading v" },
    { from: "1.4.0", to: "1.5", codes: ["invalid-version"], because: "two numbers" },
    { from: "1.4.0", to: "1.5.x", codes: ["invalid-version"], because: "a range" },
    { from: "1.4.0", to: "^1.5.1", codes: ["invalid-version"], because: "a range" },
    { from: "1.4.0", to: "1.5.1-rc.1", codes: ["invalid-version"], because: "a prerelease" },
    { from: "1.4.0", to: "1.5.1+1", codes: ["invalid-version"], because: "a build suffix" },
    { from: "1.4.0", to: "1.05.1", codes: ["invalid-version"], because: "a leading zero" },
    { from: "1.4.0", to: " 1.5.1", codes: ["invalid-version"], because: "a space" },
    { from: "1.4.0", to: "1.5.1\n", codes: ["invalid-version"], because: "an end of line" },
    { from: "1.4.0", to: "", codes: ["invalid-version"], because: "an empty string" },
    { from: "1.4.0", to: "latest", codes: ["invalid-version"], because: "a word" },
    { from: "", to: "1.5.1", codes: ["invalid-version"], because: "the deployed version must be exact" },
    {
      from: "1.4.0",
      to: "1.5.1",
      owner: "1.4",
      codes: ["invalid-version"],
      because: "the owner must be exact",
    },
    {
      from: "1.4.0",
      to: "1.5.1",
      mark: "v1.4.0",
      codes: ["invalid-version"],
      because: "the mark must be exact",
    },
    {
      from: "1.4.0",
      to: "1.5.1",
      acknowledge: "1.4.0 -> 1.5.1",
      codes: ["invalid-version"],
      because: "an acknowledgement has no spaces",
    },
    {
      from: "1.4.0",
      to: "1.5.1",
      acknowledge: "",
      codes: ["invalid-version"],
      because: "an empty acknowledgement is no pair",
    },
    {
      from: "1.4.0",
      to: "1.5.1",
      acknowledge: "1.4.0->1.5.1->1.6.0",
      codes: ["invalid-version"],
      because: "an acknowledgement is two versions, not three",
    },
    {
      from: "1.4.9",
      to: "1.5",
      mark: "x",
      owner: "y",
      acknowledge: "z",
      codes: ["invalid-version", "invalid-version", "invalid-version", "invalid-version", "unknown-release"],
      because: "all of them are told at once",
    },
    {
      from: "1.2.0",
      to: "1.23.9",
      strategy: "maintenance",
      noSnapshots: true,
      noLicense: true,
      codes: ["unknown-release"],
      because: "without two known ends nothing else is judged",
    },
    {
      from: "1.9.1",
      to: "1.2.0",
      acknowledge: "all",
      noLicense: true,
      codes: ["invalid-version"],
      because: "what is no version stands alone, also in an acknowledgement",
    },
    {
      from: "1.2.0",
      to: "1.3.9",
      owner: "1.9.1",
      codes: ["unknown-release"],
      because: "an unknown target goes before an unfinished jump",
    },
  ]);
  planTable([
    {
      from: "1.4.0",
      to: "1.5.1",
      owner: "1.4.7",
      mark: "1.4.9",
      steps: ["snapshot 1.4.0", "deploy 1.5.1"],
      because: "owner and mark need not be known",
    },
    {
      from: "1.23.0",
      to: "1.23.0",
      owner: "1.24.0",
      steps: ["snapshot 1.23.0", "deploy 1.23.0", "down 359 by 1.24.0"],
      because: "the binary of a migration down may be of no known release",
    },
  ]);

  const gap = factsOf({ "1.3.0": 30, "1.5.0": 50, "1.6.0": 60, "2.0.0": 200 });
  refusalTable([
    { facts: gap, from: "1.3.0", to: "1.5.0", codes: ["unknown-path"], because: "nobody knows a 1.4" },
    { facts: gap, from: "1.6.0", to: "2.0.0", codes: ["unknown-path"], because: "it leads over a major" },
    {
      facts: gap,
      from: "1.3.0",
      to: "1.6.0",
      strategy: "maintenance",
      codes: ["unknown-path", "downtime-not-allowed"],
      because: "a jump passes over the unknown minor too, and is judged like any other",
    },
    {
      facts: gap,
      from: "1.5.0",
      to: "1.3.0",
      codes: ["unknown-path", "below-high-water-mark"],
      because: "the way down is as unknown as the way up",
    },
    {
      facts: gap,
      from: "2.0.0",
      to: "1.6.0",
      codes: ["unknown-path", "below-high-water-mark"],
      because: "a major is more than any number of minors",
    },
  ]);
  planTable([
    {
      facts: gap,
      from: "1.5.0",
      to: "1.6.0",
      steps: ["snapshot 1.5.0", "deploy 1.6.0"],
      because: "a gap that the path does not cross is no matter",
    },
  ]);
});

describe("R2 install", () => {
  planTable([
    {
      from: null,
      to: "1.9.0",
      steps: ["deploy 1.9.0"],
      direction: "install",
      ownerAfter: "1.9.0",
      markAfter: "1.9.0",
      warnings: [],
      because: "an unused database takes any release",
    },
    { from: null, to: "1.0.0", steps: ["deploy 1.0.0"], because: "also one without a schema version" },
    {
      from: null,
      to: "1.6.0",
      mark: "1.9.1",
      steps: ["deploy 1.6.0"],
      ownerAfter: "1.6.0",
      markAfter: "1.9.1",
      because: "a mark alone names no owner, and bars nothing that migrates nothing down",
    },
    {
      from: null,
      to: "1.9.0",
      owner: "1.9.1",
      steps: ["deploy 1.9.0"],
      direction: "install",
      ownerAfter: "1.9.1",
      markAfter: "1.9.1",
      because: "a lower patch of the owner's minor leaves the database as it is",
    },
    {
      from: null,
      to: "1.9.1",
      owner: "1.9.0",
      steps: ["deploy 1.9.1"],
      ownerAfter: "1.9.1",
      markAfter: "1.9.1",
      because: "a higher patch of the owner's minor takes the database over",
    },
    {
      from: null,
      to: "1.8.0",
      owner: "1.9.1",
      steps: ["deploy 1.8.0", "down 279 by 1.9.1"],
      direction: "install",
      ownerAfter: "1.8.0",
      markAfter: "1.9.1",
      because: "one minor below the owner the database comes down after the deploy",
    },
    {
      from: null,
      to: "1.8.0",
      owner: "1.9.1",
      mark: "1.10.0",
      acknowledge: "1.10.0->1.8.0",
      steps: ["deploy 1.8.0", "down 279 by 1.9.1"],
      warnings: [],
      because: "R12 holds for an install too",
    },
    {
      from: null,
      to: "1.9.1",
      owner: "1.9.1",
      noSnapshots: true,
      steps: ["deploy 1.9.1"],
      warnings: [],
      because: "an install takes no snapshot, so none is missing",
    },
    {
      from: null,
      to: "1.9.1",
      unsettled: true,
      owner: "1.9.1",
      steps: ["deploy 1.9.1"],
      because: "an install that failed is tried again",
    },
  ]);
  refusalTable([
    {
      from: null,
      to: "1.10.0",
      owner: "1.9.1",
      codes: ["reinstall-owner-first"],
      because: "above the owner",
    },
    {
      from: null,
      to: "1.7.0",
      owner: "1.9.1",
      codes: ["reinstall-owner-first"],
      because: "two minors below",
    },
    {
      from: null,
      to: "1.7.0",
      owner: "1.9.1",
      acknowledge: "1.9.1->1.7.0",
      codes: ["reinstall-owner-first"],
      because: "no acknowledgement makes two deploys one",
    },
    {
      from: null,
      to: "1.23.0",
      owner: "1.9.1",
      noLicense: true,
      codes: ["reinstall-owner-first"],
      because: "it stands alone: there is no path on which a license could be missing",
    },
    {
      from: null,
      to: "1.8.0",
      owner: "1.9.1",
      mark: "1.10.0",
      codes: ["below-high-water-mark"],
      because: "one minor below the owner, two below the mark",
    },
    {
      from: null,
      to: "1.0.0",
      owner: "1.1.0",
      codes: ["unknown-schema-version"],
      because: "one minor below, with no number to migrate to",
    },
    {
      from: null,
      to: "1.23.0",
      noLicense: true,
      codes: ["license-required"],
      because: "R15 holds for an install",
    },
  ]);
});

describe("R3 nothing to do", () => {
  planTable([
    {
      from: "1.9.1",
      to: "1.9.1",
      steps: [],
      direction: "none",
      ownerAfter: "1.9.1",
      markAfter: "1.9.1",
      warnings: [],
      because: "the target is deployed, owns its database and is settled",
    },
    {
      from: "1.9.0",
      to: "1.9.0",
      owner: "1.9.1",
      mark: "1.11.0",
      steps: [],
      direction: "none",
      ownerAfter: "1.9.1",
      markAfter: "1.11.0",
      because: "an owner of the same minor is no reason to move",
    },
    {
      from: "1.9.1",
      to: "1.9.1",
      unsettled: true,
      steps: ["snapshot 1.9.1", "deploy 1.9.1"],
      direction: "redeploy",
      because: "a failed patch is live, or maintenance was left on",
    },
    {
      from: "1.23.0",
      to: "1.23.0",
      noLicense: true,
      strategy: "maintenance",
      noSnapshots: true,
      steps: [],
      warnings: [],
      because: "what deploys nothing needs nothing",
    },
  ]);
  refusalTable([
    {
      from: "1.23.0",
      to: "1.23.0",
      unsettled: true,
      noLicense: true,
      codes: ["license-required"],
      because: "to deploy it again needs what any deploy of it needs",
    },
  ]);
});

describe("R4 same minor up, next minor up", () => {
  planTable([
    {
      from: "1.8.0",
      to: "1.8.3",
      steps: ["snapshot 1.8.0", "deploy 1.8.3"],
      direction: "upgrade",
      because: "a patch",
    },
    {
      from: "1.8.0",
      to: "1.9.0",
      steps: ["snapshot 1.8.0", "deploy 1.9.0"],
      because: "from any patch, not only the newest",
    },
    {
      from: "1.9.1",
      to: "1.10.0",
      steps: ["snapshot 1.9.1", "deploy 1.10.0"],
      direction: "upgrade",
      because: "order is numeric",
    },
    {
      from: "1.4.0",
      to: "1.5.0",
      owner: "1.5.1",
      unsettled: true,
      steps: ["snapshot 1.4.0", "deploy 1.5.0"],
      ownerAfter: "1.5.1",
      markAfter: "1.5.1",
      direction: "upgrade",
      because: "a failed 1.5.1 keeps the database, and the target is of its minor",
    },
  ]);
});

describe("R5 several minors up", () => {
  planTable([
    {
      from: "1.4.0",
      to: "1.6.0",
      steps: ["snapshot 1.4.0", "deploy 1.5.1", "deploy 1.6.0"],
      direction: "upgrade",
      ownerAfter: "1.6.0",
      markAfter: "1.6.0",
      warnings: [],
      because: "each minor between at its newest patch",
    },
    {
      from: "1.8.0",
      to: "1.12.0",
      steps: ["snapshot 1.8.0", "deploy 1.9.1", "deploy 1.10.0", "deploy 1.11.0", "deploy 1.12.0"],
      warnings: ["maintenance-shorter"],
      because: "the target itself need not be the newest patch",
    },
    {
      from: "1.4.0",
      to: "1.6.0",
      mark: "1.11.0",
      steps: ["snapshot 1.4.0", "deploy 1.5.1", "deploy 1.6.0"],
      markAfter: "1.11.0",
      because: "the mark never falls",
    },
  ]);
});
