import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { project, read } from "./files";

describe("the Renovate configuration of docs/ci", () => {
  const { customManagers, packageRules, hostRules, ...rest } = JSON.parse(read("renovate.json")) as {
    readonly customManagers: readonly [{ managerFilePatterns: [string]; matchStrings: [string] }];
    readonly packageRules: readonly { matchFileNames?: readonly string[] }[];
    readonly hostRules: readonly object[];
  };
  const [{ managerFilePatterns, matchStrings }] = customManagers;
  const isManaged = (file: string) => new RegExp(managerFilePatterns[0].slice(1, -1)).test(file);
  /** As Renovate finds it. */
  const found = (text: string) =>
    [...text.matchAll(new RegExp(matchStrings[0], "g"))].map(({ groups }) => groups?.["currentValue"]);
  const files = ["dev", "staging", "prod"].map((stack) => `stacks/Pulumi.${stack}.yaml`);

  /** Those that docs.renovatebot.com has and that are used here; another one is a mistake. */
  const known = {
    rest: ["$schema", "description"],
    customManagers: [
      "customType",
      "description",
      "managerFilePatterns",
      "matchStrings",
      "depNameTemplate",
      "packageNameTemplate",
      "datasourceTemplate",
      "versioningTemplate",
    ],
    packageRules: [
      "description",
      "matchManagers",
      "matchDepNames",
      "matchFileNames",
      "automerge",
      "pinDigests",
      "separateMajorMinor",
      "separateMinorPatch",
      "labels",
      "prBodyNotes",
      "additionalBranchPrefix",
      "commitMessageSuffix",
    ],
    hostRules: ["description", "hostType", "matchHost", "username", "password"],
  };

  it("has keys that Renovate knows", () => {
    for (const [where, objects] of Object.entries({
      rest: [rest],
      customManagers,
      packageRules,
      hostRules,
    })) {
      const keys = objects.flatMap((one) => Object.keys(one));
      assert.deepEqual(
        keys.filter((key) => !known[where as keyof typeof known].includes(key)),
        [],
        where,
      );
    }
  });

  it("finds the version in each stack's file, and nothing else", () => {
    for (const file of files) {
      const text = readFileSync(join(project, file), "utf8");
      assert.ok(isManaged(file));
      const { config } = parse(text) as { config: Record<string, unknown> };
      assert.deepEqual(found(text), [config["bsr:version"]], file);
    }
    assert.ok(!isManaged("Pulumi.yaml"));
    assert.deepEqual(found('config:\n  bsr:version: "1.5.1"\n'), ["1.5.1"]);
    assert.deepEqual(found("config:\n  bsr:version:\n    secure: v1:1.5.1\n  bsr:releases: 1.5.1\n"), []);
  });

  it("opens a pull request of its own for each stack", () => {
    assert.deepEqual(
      packageRules.flatMap(({ matchFileNames = [] }) => matchFileNames),
      files,
    );
  });
});
