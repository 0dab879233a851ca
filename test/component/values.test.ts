import { strict as assert } from "node:assert";
import * as pulumi from "@pulumi/pulumi";
import {
  databaseOf,
  givenValues,
  secretsOf,
  valuesOf,
  type Values,
  type ValuesArgs,
} from "../../components/bsr-release/values";
import { isSecret, known } from "./outputs";

const host = "bsr.example.com";
const owned = { host, maintenance: false };

/** The values of a deploy of 1.5.1, all leaves known. */
function deployed(args: Partial<ValuesArgs>, version = "1.5.1"): Promise<Values> {
  return known(pulumi.output(valuesOf({ host, ...args }, version)));
}

describe("the values of a deploy", () => {
  it("are the host and maintenance off, where the user gives none", async () => {
    assert.deepEqual(await deployed({}), owned);
  });

  it("have the license where one is given", async () => {
    assert.deepEqual(await deployed({ license: "key" }), { ...owned, license: { key: "key" } });
  });

  const merges: { below: Values; above: Values; merged: Values; because: string }[] = [
    { below: { a: 1 }, above: { b: 2 }, merged: { a: 1, b: 2 }, because: "keys of both are there" },
    { below: { a: 1 }, above: { a: 2 }, merged: { a: 2 }, because: "the later one counts" },
    {
      below: { a: { b: 1, c: 1 } },
      above: { a: { b: 2 } },
      merged: { a: { b: 2, c: 1 } },
      because: "maps are merged by key, at every depth",
    },
    { below: { a: [1, 2] }, above: { a: [3] }, merged: { a: [3] }, because: "a list replaces a list" },
    { below: { a: { b: 1 } }, above: { a: "x" }, merged: { a: "x" }, because: "a leaf replaces a map" },
    { below: { a: "x" }, above: { a: { b: 1 } }, merged: { a: { b: 1 } }, because: "a map replaces a leaf" },
    {
      below: { a: { b: 1 } },
      above: { a: null },
      merged: { a: null },
      because: "null stays: with it Helm takes a chart's default away",
    },
    {
      below: { a: { b: 1 } },
      above: { a: {} },
      merged: { a: { b: 1 } },
      because: "an empty map changes nothing",
    },
  ];
  for (const { below, above, merged, because } of merges) {
    it(`merge as Helm merges, ${JSON.stringify(below)} and ${JSON.stringify(above)}: ${because}`, async () => {
      const plain = { values: below, valuesFor: [{ versions: "*", values: above }] };
      assert.deepEqual(await deployed(plain), { ...merged, ...owned });
      const later = { values: pulumi.output(below), valuesFor: [{ versions: "*", values: above }] };
      assert.deepEqual(await deployed(later), { ...merged, ...owned }, "the same with values known later");
    });
  }

  it("change none of what the user gave", async () => {
    const values = { postgres: { host: "a" } };
    const valuesFor = [{ versions: "*", values: { postgres: { host: "b" } } }];
    await deployed({ values, valuesFor });
    assert.deepEqual(
      [values, valuesFor[0]?.values],
      [{ postgres: { host: "a" } }, { postgres: { host: "b" } }],
    );
  });

  describe("of a range", () => {
    const valuesFor = [
      { versions: "<1.15.2", values: { old: true, one: 1 } },
      { versions: ">=1.15.2", values: { clientTLSSecrets: ["ca"] } },
      { versions: "1.5.x", values: { one: 2 } },
    ];
    const rows: [string, Values, string][] = [
      ["1.5.1", { old: true, one: 2 }, "those that match, the later ones over the earlier"],
      ["1.15.1", { old: true, one: 1 }, "the last release below a boundary"],
      ["1.15.2", { clientTLSSecrets: ["ca"] }, "the boundary itself"],
      ["1.16.0", { clientTLSSecrets: ["ca"] }, "a release above it"],
    ];
    for (const [version, expected, because] of rows) {
      it(`${version} gets ${because}`, async () => {
        assert.deepEqual(await deployed({ valuesFor }, version), { ...expected, ...owned });
      });
    }
  });

  it("let what the component owns win over what the user gives", async () => {
    const values = { host: "other", maintenance: true, license: { key: "other", secret: "kept" } };
    assert.deepEqual(await deployed({ values, license: "key" }), {
      host,
      maintenance: false,
      license: { key: "key", secret: "kept" },
    });
  });

  it("keep a secret leaf secret and every other leaf plain", async () => {
    const values = valuesOf(
      {
        host,
        license: pulumi.secret("key"),
        values: { postgres: { user: "bsr", password: pulumi.secret("pw") } },
      },
      "1.5.1",
    ) as { host: unknown; license: { key: unknown }; postgres: { user: unknown; password: unknown } };
    assert.equal(values.host, host);
    assert.equal(values.postgres.user, "bsr");
    for (const leaf of [values.postgres.password, values.license.key]) {
      assert.ok(await isSecret(leaf));
    }
  });

  it("are secret as a whole where the user's are", async () => {
    const values = valuesOf({ host, values: pulumi.secret({ a: 1 }) }, "1.5.1");
    assert.ok(await isSecret(values));
  });
});

describe("the database's name", () => {
  const rows: [Values, string, string][] = [
    [{}, "default/postgres", "the chart's own defaults"],
    [{ postgres: { host: "db.example.com", database: "bsr" } }, "db.example.com/bsr", "host and name"],
    [{ postgres: { host: "db", port: 5433 } }, "db:5433/postgres", "the port tells servers of a host apart"],
    [{ postgres: { host: "db", port: "5433" } }, "db:5433/postgres", "a port as text is the same port"],
    [{ postgres: { cloudSqlInstance: "p:r:i", database: "bsr" } }, "p:r:i/bsr", "a Cloud SQL instance"],
  ];
  for (const [values, name, because] of rows) {
    it(`${name}: ${because}`, async () => {
      assert.equal(await known(databaseOf({ host, values })), name);
    });
  }

  it("is refused, all problems at once, where the values cannot name a database", async () => {
    await assert.rejects(known(databaseOf({ host, values: { postgres: { host: 5, port: true } } })), {
      name: "ArgumentError",
      message: [
        "The arguments cannot be used:",
        "- values.postgres.host: Invalid input: expected string, received number",
        "- values.postgres.port: Invalid input",
      ].join("\n"),
    });
  });

  it("is no secret, even where all values are", async () => {
    const name = databaseOf({ host, values: pulumi.secret({ postgres: { host: "db", password: "pw" } }) });
    assert.equal(await isSecret(name), false);
    assert.equal(await known(name), "db/postgres");
  });
});

describe("the values given, for contracts", () => {
  it("are the dotted paths of leaves, with the range they are for", async () => {
    const given = givenValues({
      host,
      license: "key",
      values: { postgres: { host: "db", ssl: { mode: "require" } }, extra: ["a"], none: null },
      valuesFor: [{ versions: ">=1.15.2", values: { clientTLSSecrets: ["ca"] } }],
    });
    assert.deepEqual(await known(given), [
      { path: "postgres.host", versions: "*" },
      { path: "postgres.ssl.mode", versions: "*" },
      { path: "extra", versions: "*" },
      { path: "none", versions: "*" },
      { path: "clientTLSSecrets", versions: ">=1.15.2" },
      { path: "license.key", versions: "*" },
    ]);
  });

  it("have no license where none is given", async () => {
    assert.deepEqual(await known(givenValues({ host })), []);
  });

  it("are paths and never what stands there, so that they are no secret", async () => {
    const given = givenValues({
      host,
      license: pulumi.secret("the license"),
      values: pulumi.secret({ postgres: { password: "the password" } }),
    });
    assert.equal(await isSecret(given), false);
    assert.doesNotMatch(JSON.stringify(await known(given)), /the license|the password/);
  });
});

describe("the strings to mask", () => {
  it("are every secret one, wherever it stands, and no other", async () => {
    const secrets = secretsOf([
      pulumi.secret("the kubeconfig"),
      "a plain license",
      {
        plain: "plain",
        later: pulumi.output("plain too"),
        postgres: { password: pulumi.secret("the password") },
        list: [pulumi.secret("in a list"), "plain"],
      },
      [{ versions: "*", values: pulumi.secret({ a: { b: "deep" }, c: ["deep list"], n: 5 }) }],
      undefined,
      null,
    ]);
    assert.deepEqual((await known(secrets)).sort(), [
      "deep",
      "deep list",
      "in a list",
      "the kubeconfig",
      "the password",
    ]);
  });

  it("are none where nothing is secret", async () => {
    assert.deepEqual(await known(secretsOf(["a", { b: "c" }, undefined])), []);
  });
});
