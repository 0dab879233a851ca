import assert from "node:assert/strict";
import semver from "semver";
import { builtInFacts } from "../../components/migrations/facts";

const { releases, requiredStops, contracts } = builtInFacts;
const versions = releases.map(({ version }) => version);

function release(version: string) {
  const found = releases.find((record) => record.version === version);
  assert.ok(found, `${version} is not in the table`);
  return found;
}

describe("the release table", () => {
  it("has 43 releases, from 1.0.0 to 1.23.0", () => {
    assert.equal(releases.length, 43);
    assert.equal(versions[0], "1.0.0");
    assert.equal(versions.at(-1), "1.23.0");
  });

  it("is in ascending order, each version once", () => {
    versions.slice(1).forEach((version, index) => {
      assert.ok(semver.gt(version, versions[index] as string), `${version} after ${versions[index]}`);
    });
  });

  it("leaves out no minor, and begins each at its patch 0 with no patch left out", () => {
    versions.slice(1).forEach((version, index) => {
      const before = new semver.SemVer(versions[index] as string);
      assert.ok(
        [
          before.inc("patch").version,
          new semver.SemVer(versions[index] as string).inc("minor").version,
        ].includes(version),
        `${version} after ${versions[index]}`,
      );
    });
  });

  it("has dates that never go back", () => {
    releases.slice(1).forEach((record, index) => {
      const before = releases[index]?.released ?? "";
      assert.ok((record.released ?? "") >= before && before !== "", `${record.version} after ${before}`);
    });
  });

  it("has schema versions that never fall, and one for every release but 1.0.0", () => {
    let before = 0;
    for (const { version, databaseVersion } of releases) {
      assert.equal(databaseVersion === null, version === "1.0.0", version);
      if (databaseVersion === null) continue;
      assert.ok(databaseVersion >= before, `${version} has ${databaseVersion} after ${before}`);
      before = databaseVersion;
    }
  });

  it("has a higher schema version in every minor than in the one before, so that R11 always has a way to go", () => {
    releases.forEach((record, index) => {
      const before = releases[index - 1];
      if (before?.databaseVersion == null || record.databaseVersion === null) return;
      if (semver.minor(before.version) === semver.minor(record.version)) return;
      assert.ok(record.databaseVersion > before.databaseVersion, record.version);
    });
  });

  for (const [version, databaseVersion] of [
    ["1.0.1", 182],
    ["1.1.0", 222],
    ["1.7.0", 266],
    ["1.8.0", 279],
    ["1.8.1", 280],
    ["1.8.2", 281],
    ["1.8.3", 281],
    ["1.9.0", 284],
    ["1.9.1", 286],
    ["1.23.0", 359],
  ] as const) {
    it(`knows that ${version} has the schema version ${databaseVersion}`, () => {
      assert.equal(release(version).databaseVersion, databaseVersion);
    });
  }

  it("knows dates and minimum CLI versions", () => {
    assert.equal(release("1.0.0").released, "2023-06-30");
    assert.equal(release("1.0.4").minimumCliVersion, null);
    assert.equal(release("1.1.0").minimumCliVersion, "1.23.0");
    assert.equal(release("1.6.0").minimumCliVersion, "1.24.0");
    assert.equal(release("1.23.0").released, "2025-06-04");
  });

  it("names the source of every record", () => {
    for (const record of [...releases, ...requiredStops, ...contracts]) {
      assert.match(record.source ?? "", /^https:\/\/buf\.build\/docs\//, JSON.stringify(record));
    }
  });
});

describe("the required stops", () => {
  it("are 1.7, which awaits its data migration", () => {
    assert.deepEqual(
      requiredStops.map(({ minor, awaits }) => ({ minor, awaits })),
      [{ minor: "1.7", awaits: "dataMigration" }],
    );
  });

  it("each have a release, and a note at it that tells why", () => {
    for (const stop of requiredStops) {
      const first = release(`${stop.minor}.0`);
      assert.ok(first.notes.length > 0, first.version);
    }
  });
});

describe("the contracts", () => {
  it("each match a release, and leave one out", () => {
    for (const { versions: range } of contracts) {
      const matched = versions.filter((version) => semver.satisfies(version, range));
      assert.ok(matched.length > 0 && matched.length < versions.length, range);
    }
  });

  it("begin at a release that has a note about it", () => {
    for (const { versions: range } of contracts) {
      const first = versions.find((version) => semver.satisfies(version, range)) ?? "";
      assert.ok(release(first).notes.length > 0, `${range} begins at ${first}`);
    }
  });

  it("ask for license.key from 1.16.0 on", () => {
    const [license, ...others] = contracts.filter((contract) => contract.kind === "required");
    assert.ok(license);
    assert.deepEqual(others, []);
    assert.equal(license.key, "license.key");
    assert.equal(license.refusal, "license-required");
    assert.equal(semver.satisfies("1.16.0", license.versions), true);
    assert.equal(semver.satisfies("1.15.2", license.versions), false);
  });

  it("know that clientTLSSecrets replaces three older values from 1.15.2 on", () => {
    const [replaced] = contracts.filter((contract) => contract.kind === "replaced");
    assert.equal(replaced?.by, "clientTLSSecrets");
    assert.deepEqual(replaced.keys, [
      "bufd.deployment.extraVolumes",
      "bufd.deployment.extraVolumeMounts",
      "bufd.clientTLS.extraCerts",
    ]);
    assert.equal(semver.satisfies("1.15.2", replaced.versions), true);
    assert.equal(semver.satisfies("1.15.1", replaced.versions), false);
  });
});
