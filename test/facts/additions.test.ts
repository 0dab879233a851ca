import assert from "node:assert/strict";
import {
  builtInFacts,
  FactsError,
  withAdditions,
  withLearnedSchemaVersions,
  type ReleaseAddition,
} from "../../components/migrations/facts";

function problems(additions: readonly unknown[]): readonly string[] {
  try {
    withAdditions(builtInFacts, additions as ReleaseAddition[]);
  } catch (error) {
    assert.ok(error instanceof FactsError, String(error));
    return error.problems;
  }
  throw new Error("The additions were accepted.");
}

describe("releases that the user adds", () => {
  it("join the table in order, and need no more than a version", () => {
    const { releases } = withAdditions(builtInFacts, [
      { version: "1.24.0", databaseVersion: 370 },
      { version: "1.22.2", databaseVersion: 354 },
    ]);
    assert.equal(releases.length, 45);
    assert.deepEqual(
      releases.slice(-4).map(({ version }) => version),
      ["1.22.1", "1.22.2", "1.23.0", "1.24.0"],
    );
    assert.deepEqual(releases.at(-1), {
      version: "1.24.0",
      databaseVersion: 370,
      released: null,
      minimumCliVersion: null,
      chartDigest: null,
      notes: [],
      source: null,
    });
  });

  it("leave the built-in facts as they are", () => {
    const before = JSON.stringify(builtInFacts);
    withAdditions(builtInFacts, [{ version: "1.24.0" }, { version: "1.0.0", databaseVersion: 180 }]);
    assert.equal(JSON.stringify(builtInFacts), before);
  });

  it("may fill in what the table does not know", () => {
    const { releases } = withAdditions(builtInFacts, [
      { version: "1.0.0", databaseVersion: 180, notes: ["Mine."] },
    ]);
    assert.equal(releases.length, 43);
    assert.equal(releases[0]?.databaseVersion, 180);
    assert.equal(releases[0].released, "2023-06-30");
    assert.equal(releases[0].notes.at(-1), "Mine.");
  });

  it("may repeat what the table knows, so that a table that learns a release breaks no configuration", () => {
    const { releases } = withAdditions(builtInFacts, [{ version: "1.23.0", databaseVersion: 359 }]);
    assert.deepEqual(releases, builtInFacts.releases);
  });

  it("are refused all at once, each by its place and with what was found", () => {
    assert.deepEqual(
      problems([
        { version: "v1.24.0" },
        { version: "1.24.0", databaseVersion: -1, colour: "red" },
        { version: "1.1.0", databaseVersion: 223 },
        { version: "1.25.0" },
        { version: "1.25.0" },
        { databaseVersion: 5 },
      ]),
      [
        "releases[0].version: must be an exact version such as 1.5.1",
        "releases[1].databaseVersion: must be more than 0",
        "releases[1]: there is no such key: colour",
        "releases[2].databaseVersion: 1.1.0 has 222 in the built-in table, and 223 here; remove the field, or report " +
          "the mistake in the table.",
        "releases[4]: 1.25.0 is added twice; keep one record of it.",
        "releases[5].version: must be given",
      ],
    );
  });

  it("are refused when a later release would have a lower schema version", () => {
    assert.deepEqual(problems([{ version: "1.24.0", databaseVersion: 35 }]), [
      "releases: 1.24.0 has the databaseVersion 35, lower than 359 of 1.23.0 before it; correct the record that you added.",
    ]);
  });

  for (const version of [
    "",
    " 1.24.0",
    "1.24",
    "1.24.0-rc.1",
    "1.24.0+x",
    "1.024.0",
    "latest",
    "1.99999999999999999999.0",
  ]) {
    it(`are refused with the version ${JSON.stringify(version)}`, () => {
      assert.deepEqual(problems([{ version }]), [
        "releases[0].version: must be an exact version such as 1.5.1",
      ]);
    });
  }
});

describe("schema versions that were learned", () => {
  it("fill in only what nobody else knows", () => {
    const { releases } = withLearnedSchemaVersions(withAdditions(builtInFacts, [{ version: "1.24.0" }]), {
      "1.24.0": 371,
      "1.23.0": 1,
      "1.99.0": 999,
    });
    assert.equal(releases.at(-1)?.databaseVersion, 371);
    assert.equal(releases.at(-2)?.databaseVersion, 359);
    assert.equal(releases.length, 44);
  });
});
