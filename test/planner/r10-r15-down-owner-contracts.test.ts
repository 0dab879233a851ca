import assert from "node:assert/strict";
import {
  builtInFacts,
  withAdditions,
  withLearnedSchemaVersions,
  type Contract,
} from "../../components/migrations/facts";
import { ask, planned, warningCodes } from "./asking";
import { factsOf } from "./made-up";
import { planTable, refusalTable } from "./tables";

describe("R10 same minor down", () => {
  planTable([
    {
      from: "1.9.1",
      to: "1.9.0",
      steps: ["snapshot 1.9.1", "deploy 1.9.0"],
      direction: "downgrade",
      ownerAfter: "1.9.1",
      markAfter: "1.9.1",
      warnings: [],
      because: "the database stays, and so does its owner",
    },
    {
      from: "1.8.3",
      to: "1.8.0",
      mark: "1.12.1",
      steps: ["snapshot 1.8.3", "deploy 1.8.0"],
      because: "the mark bars nothing that migrates nothing down",
    },
    {
      from: "1.8.0",
      to: "1.8.1",
      owner: "1.8.2",
      steps: ["snapshot 1.8.0", "deploy 1.8.1"],
      direction: "upgrade",
      ownerAfter: "1.8.2",
      because: "up again, still below the owner",
    },
  ]);
});

describe("R11 one minor down", () => {
  planTable([
    {
      from: "1.9.0",
      to: "1.8.3",
      owner: "1.9.1",
      mark: "1.9.1",
      steps: ["snapshot 1.9.0", "deploy 1.8.3", "down 281 by 1.9.1"],
      direction: "downgrade",
      ownerAfter: "1.8.3",
      markAfter: "1.9.1",
      because: "1.9.0 has no way down for what 1.9.1 brought",
    },
    {
      from: "1.8.1",
      to: "1.7.0",
      owner: "1.8.2",
      steps: ["snapshot 1.8.1", "deploy 1.7.0", "down 266 by 1.8.2"],
      because: "the owner's binary after 1.8.2 to 1.8.0 to 1.8.1",
    },
    {
      from: "1.4.0",
      to: "1.4.0",
      owner: "1.5.1",
      unsettled: true,
      steps: ["snapshot 1.4.0", "deploy 1.4.0", "down 246 by 1.5.1"],
      direction: "downgrade",
      because: "back after a failed hop: the target is the deployed version",
    },
    {
      from: "1.4.0",
      to: "1.4.1",
      owner: "1.5.1",
      unsettled: true,
      steps: ["snapshot 1.4.0", "deploy 1.4.1", "down 246 by 1.5.1"],
      direction: "downgrade",
      ownerAfter: "1.4.1",
      because: "the target is above the deployed version, and the database still comes down",
    },
    {
      from: "1.8.3",
      to: "1.8.3",
      owner: "1.9.1",
      steps: ["snapshot 1.8.3", "deploy 1.8.3", "down 281 by 1.9.1"],
      because: "the deploy was done, the migration down was not (R17)",
    },
    {
      from: "1.7.0",
      to: "1.7.0",
      owner: "1.8.3",
      steps: ["snapshot 1.7.0", "deploy 1.7.0", "down 266 by 1.8.3"],
      because: "it is no way up, so nothing is awaited",
    },
    {
      from: "1.9.1",
      to: "1.8.0",
      steps: ["snapshot 1.9.1", "deploy 1.8.0", "down 279 by 1.9.1"],
      because: "to any patch of the minor below",
    },
  ]);
});

describe("R12 high-water mark", () => {
  refusalTable([
    { from: "1.9.1", to: "1.7.0", codes: ["below-high-water-mark"], because: "two minors below" },
    {
      from: "1.8.3",
      to: "1.7.0",
      mark: "1.9.1",
      codes: ["below-high-water-mark"],
      because: "one minor below the owner, two below the mark",
    },
    {
      from: "1.8.3",
      to: "1.7.0",
      mark: "2.0.0",
      codes: ["below-high-water-mark"],
      because: "a mark of a higher major is out of reach",
    },
    {
      from: "1.9.1",
      to: "1.7.0",
      acknowledge: "1.9.0->1.7.0",
      codes: ["below-high-water-mark"],
      because: "acknowledged from another mark",
    },
    {
      from: "1.9.1",
      to: "1.7.0",
      acknowledge: "1.9.1->1.6.0",
      codes: ["below-high-water-mark"],
      because: "acknowledged to another target",
    },
    {
      from: "1.9.1",
      to: "1.7.0",
      mark: "1.8.0",
      acknowledge: "1.8.0->1.7.0",
      codes: ["below-high-water-mark"],
      because: "a mark below the owner counts as raised, also in the acknowledgement",
    },
    {
      from: "1.4.0",
      to: "1.3.1",
      owner: "1.5.1",
      codes: ["below-high-water-mark"],
      because: "a failed attempt raised the mark",
    },
  ]);
  planTable([
    {
      from: "1.8.3",
      to: "1.7.0",
      mark: "1.8.3",
      steps: ["snapshot 1.8.3", "deploy 1.7.0", "down 266 by 1.8.3"],
      warnings: [],
      because: "one minor below the mark is documented",
    },
    {
      from: "1.8.3",
      to: "1.7.0",
      mark: "1.9.1",
      acknowledge: "1.9.1->1.7.0",
      steps: ["snapshot 1.8.3", "deploy 1.7.0", "down 266 by 1.8.3"],
      markAfter: "1.9.1",
      warnings: [],
      because: "exactly this loss is acknowledged",
    },
    {
      from: "1.6.0",
      to: "1.3.0",
      acknowledge: "1.6.0->1.3.0",
      steps: [
        "snapshot 1.6.0",
        "deploy 1.5.1",
        "down 247 by 1.6.0",
        "deploy 1.4.1",
        "down 246 by 1.5.1",
        "deploy 1.3.0",
        "down 241 by 1.4.1",
      ],
      direction: "downgrade",
      ownerAfter: "1.3.0",
      markAfter: "1.6.0",
      warnings: [],
      because: "minor by minor, each migrated down by the one before",
    },
    {
      from: "1.8.0",
      to: "1.7.0",
      owner: "1.9.0",
      acknowledge: "1.9.0->1.7.0",
      steps: ["snapshot 1.8.0", "deploy 1.8.3", "down 281 by 1.9.0", "deploy 1.7.0", "down 266 by 1.8.3"],
      because: "from the owner, through the newest patch, also where a lower one is deployed",
    },
    {
      from: "1.9.1",
      to: "1.8.3",
      acknowledge: "1.9.1->1.8.3",
      steps: ["snapshot 1.9.1", "deploy 1.8.3", "down 281 by 1.9.1"],
      warnings: ["acknowledgement-unused"],
      because: "nothing had to be acknowledged",
    },
    {
      from: "1.9.1",
      to: "1.9.1",
      acknowledge: "1.11.0->1.9.1",
      mark: "1.11.0",
      steps: [],
      warnings: ["acknowledgement-unused"],
      because: "the way it was for is behind",
    },
    {
      from: "1.4.0",
      to: "1.5.1",
      acknowledge: "1.9.1->1.7.0",
      steps: ["snapshot 1.4.0", "deploy 1.5.1"],
      warnings: ["acknowledgement-unused"],
      because: "an upgrade needs none",
    },
  ]);
});

describe("R13 schema owner", () => {
  const far = { from: "1.2.0", owner: "1.6.0", unsettled: true } as const;
  planTable([
    {
      from: "1.4.0",
      to: "1.6.0",
      owner: "1.5.1",
      unsettled: true,
      steps: ["snapshot 1.4.0", "deploy 1.5.1", "deploy 1.6.0"],
      because: "upward, the path starts at the deployed version again",
    },
    {
      from: "1.9.1",
      to: "1.9.0",
      owner: "1.8.0",
      mark: "1.7.0",
      steps: ["snapshot 1.9.1", "deploy 1.9.0"],
      ownerAfter: "1.9.1",
      markAfter: "1.9.1",
      because: "an owner and a mark that are too low count as raised",
    },
    {
      ...far,
      to: "1.6.0",
      strategy: "maintenance",
      downtime: true,
      steps: ["deploy 1.2.0 (maintenance)", "snapshot 1.2.0", "deploy 1.6.0"],
      because: "a failed jump is taken up again",
    },
    {
      ...far,
      to: "1.12.1",
      strategy: "maintenance",
      downtime: true,
      steps: [
        "deploy 1.2.0 (maintenance)",
        "snapshot 1.2.0",
        "deploy 1.7.0",
        "await 1.7.0",
        "deploy 1.7.0 (maintenance)",
        "snapshot 1.7.0",
        "deploy 1.12.1",
      ],
      because: "or to a target above it",
    },
    {
      from: "1.5.0",
      to: "1.7.0",
      owner: "1.7.0",
      unsettled: true,
      strategy: "maintenance",
      downtime: true,
      steps: ["deploy 1.5.0 (maintenance)", "snapshot 1.5.0", "deploy 1.7.0"],
      warnings: [],
      because: "the first leg is one jump, however short it is",
    },
    {
      from: "1.5.0",
      to: "1.8.3",
      owner: "1.7.0",
      unsettled: true,
      strategy: "maintenance",
      downtime: true,
      steps: ["deploy 1.5.0 (maintenance)", "snapshot 1.5.0", "deploy 1.7.0", "await 1.7.0", "deploy 1.8.3"],
      because: "and only the first",
    },
  ]);
  refusalTable([
    { ...far, to: "1.6.0", codes: ["unfinished-maintenance"], because: "hops do not know the schema" },
    {
      ...far,
      to: "1.2.0",
      codes: ["unfinished-maintenance"],
      because: "every target, also the deployed version",
    },
    {
      ...far,
      to: "1.5.1",
      strategy: "maintenance",
      downtime: true,
      codes: ["unfinished-maintenance"],
      because: "a target below the owner's minor is no way on",
    },
    {
      ...far,
      to: "1.23.0",
      noLicense: true,
      noSnapshots: true,
      acknowledge: "1.6.0->1.2.0",
      codes: ["unfinished-maintenance"],
      because: "it stands alone",
    },
    {
      ...far,
      to: "1.6.0",
      strategy: "maintenance",
      noSnapshots: true,
      codes: ["downtime-not-allowed", "snapshot-required"],
      because: "the way on needs what every jump needs",
    },
    {
      from: "1.5.0",
      to: "1.7.0",
      owner: "1.7.0",
      strategy: "maintenance",
      codes: ["downtime-not-allowed"],
      because: "also a short one",
    },
  ]);
});

describe("R14 unknown schema version", () => {
  refusalTable([
    { from: "1.1.0", to: "1.0.0", codes: ["unknown-schema-version"], because: "1.0.0 published none" },
    {
      from: "1.2.0",
      to: "1.0.0",
      codes: ["below-high-water-mark", "unknown-schema-version"],
      because: "told with what else refuses the path",
    },
    {
      from: "1.2.0",
      to: "1.0.0",
      acknowledge: "1.2.0->1.0.0",
      codes: ["unknown-schema-version"],
      because: "no acknowledgement makes it known",
    },
  ]);
  const learned = withLearnedSchemaVersions(builtInFacts, { "1.0.0": 180, "1.1.0": 5 });
  planTable([
    { from: "1.0.4", to: "1.0.0", steps: ["snapshot 1.0.4", "deploy 1.0.0"], because: "nothing is migrated" },
    { from: "1.0.0", to: "1.1.0", steps: ["snapshot 1.0.0", "deploy 1.1.0"], because: "nor on the way up" },
    {
      facts: learned,
      from: "1.1.0",
      to: "1.0.0",
      steps: ["snapshot 1.1.0", "deploy 1.0.0", "down 180 by 1.1.0"],
      because: "it was learned from the running release",
    },
    {
      facts: learned,
      from: "1.2.0",
      to: "1.1.0",
      steps: ["snapshot 1.2.0", "deploy 1.1.0", "down 222 by 1.2.0"],
      because: "what the table says goes before what was learned",
    },
    {
      facts: withAdditions(builtInFacts, [
        { version: "1.24.0" },
        { version: "1.25.0", databaseVersion: 400 },
      ]),
      from: "1.24.0",
      to: "1.23.0",
      steps: ["snapshot 1.24.0", "deploy 1.23.0", "down 359 by 1.24.0"],
      because: "only the target's number is needed",
    },
  ]);
  refusalTable([
    {
      facts: withAdditions(builtInFacts, [
        { version: "1.24.0" },
        { version: "1.25.0", databaseVersion: 400 },
      ]),
      from: "1.25.0",
      to: "1.24.0",
      codes: ["unknown-schema-version"],
      because: "the user's addition has no number",
    },
    {
      facts: factsOf({ "1.1.0": null, "1.2.0": null, "1.3.0": 3 }),
      from: "1.3.0",
      to: "1.1.0",
      acknowledge: "1.3.0->1.1.0",
      codes: ["unknown-schema-version", "unknown-schema-version"],
      because: "one for every release on the way",
    },
    {
      facts: factsOf({ "1.1.0": 1, "1.2.0": null, "1.4.0": 4 }),
      from: "1.4.0",
      to: "1.1.0",
      codes: ["unknown-path", "below-high-water-mark", "unknown-schema-version"],
      because: "also beyond a minor without a release",
    },
  ]);
});

describe("R15 contracts", () => {
  refusalTable([
    {
      from: "1.15.2",
      to: "1.16.0",
      noLicense: true,
      codes: ["license-required"],
      because: "the first that needs it",
    },
    {
      from: "1.17.2",
      to: "1.15.2",
      noLicense: true,
      codes: ["below-high-water-mark", "license-required"],
      because: "1.16.1 is on the way down, though the path is refused for another reason",
    },
    {
      from: "1.16.1",
      to: "1.16.0",
      noLicense: true,
      codes: ["license-required"],
      because: "a way down deploys too",
    },
    {
      from: "1.14.0",
      to: "1.17.0",
      given: [{ path: "license.key", versions: ">=1.17.0" }],
      codes: ["license-required"],
      because: "a license from 1.17.0 on is none for 1.16.1",
    },
    {
      from: "1.16.0",
      to: "1.19.0",
      noLicense: true,
      strategy: "maintenance",
      downtime: true,
      codes: ["license-required"],
      because: "once, however many deploys lack it",
    },
  ]);
  planTable([
    {
      from: "1.14.0",
      to: "1.15.2",
      noLicense: true,
      steps: ["snapshot 1.14.0", "deploy 1.15.2"],
      because: "below the range",
    },
    {
      from: "1.16.0",
      to: "1.15.2",
      noLicense: true,
      steps: ["snapshot 1.16.0", "deploy 1.15.2", "down 320 by 1.16.0"],
      because: "only what is deployed counts, not what runs",
    },
    {
      from: "1.15.2",
      to: "1.16.1",
      given: [{ path: "license.key", versions: ">=1.16.0" }],
      steps: ["snapshot 1.15.2", "deploy 1.16.1"],
      because: "given to those that need it",
    },
  ]);

  it("warns of values that a release on the path no longer reads, and only of those", () => {
    const old = (versions: string) => [
      { path: "bufd.deployment.extraVolumes", versions },
      { path: "license.key", versions: "*" },
    ];
    assert.deepEqual(warningCodes({ from: "1.14.0", to: "1.16.0", given: old("*") }), ["value-replaced"]);
    assert.deepEqual(warningCodes({ from: "1.14.0", to: "1.16.0", given: old("<1.15.2") }), []);
    assert.deepEqual(warningCodes({ from: "1.14.0", to: "1.15.1", given: old("*") }), []);
    const nested = [{ path: "bufd.clientTLS.extraCerts.0", versions: "*" }];
    const [warning] = planned(ask({ from: "1.15.1", to: "1.15.2", given: nested })).warnings;
    assert.equal(
      warning?.message,
      "bufd.clientTLS.extraCerts.0 is given to 1.15.2, which read clientTLSSecrets instead. From 1.15.2 on, extra " +
        "trusted certificates are read from the secrets that clientTLSSecrets names. Give " +
        "bufd.clientTLS.extraCerts.0 under valuesFor to the releases before that only, and clientTLSSecrets from there on.",
    );
  });

  it("judges any contract of the facts by its own code and range", () => {
    const contract: Contract = {
      kind: "required",
      versions: "1.2.x",
      key: "a.b",
      configuration: "values",
      refusal: "made-up-required",
      reason: "Made up.",
      source: "made up",
    };
    const facts = factsOf({ "1.1.0": 1, "1.2.0": 2, "1.3.0": 3 }, [], [contract]);
    assert.deepEqual(ask({ facts, from: "1.1.0", to: "1.3.0" }), {
      outcome: "refused",
      refusals: [
        {
          code: "made-up-required",
          found: "The path deploys 1.2.0 without a.b.",
          wanted: "Made up. (releases 1.2.x; made up)",
          remedy: "Set values, for every release 1.2.x on the path.",
        },
      ],
    });
    assert.equal(planned(ask({ facts, from: "1.2.0", to: "1.3.0" })).steps.length, 2);
  });
});
