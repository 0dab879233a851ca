import { strict as assert } from "node:assert";
import * as pulumi from "@pulumi/pulumi";
import type { BsrReleaseArgs } from "../../components/bsr-release/args";
import { prepare } from "../../components/bsr-release/check-arguments";
import {
  databaseOf,
  givenValues,
  secretsOf,
  valuesOf,
  type Values,
} from "../../components/bsr-release/values/values";
import { isSecret, known } from "./outputs";

const host = "bsr.example.com";
const owned = { host, maintenance: false };

const layers = (args: Partial<BsrReleaseArgs>) => prepare({ version: "1.5.1", host, ...args }).layers;

/** The values of a deploy of 1.5.1, all leaves known. */
function deployed(args: Partial<BsrReleaseArgs>, version = "1.5.1"): Promise<Values> {
  return known(pulumi.output(valuesOf(layers(args), version)));
}

describe("the values of a deploy", () => {
  it("are the host and maintenance off, where the user gives none", async () => {
    assert.deepEqual(await deployed({}), owned);
  });

  it("have the license from the release on that reads one, and none before", async () => {
    assert.deepEqual(await deployed({ license: "key" }, "1.16.0"), { ...owned, license: { key: "key" } });
    assert.deepEqual(await deployed({ license: "key" }, "1.15.4"), owned);
  });

  it("have the trusted certificates from the release on that reads them by this name, and none before", async () => {
    const clientTLSSecrets = { ca: "ca.crt" };
    assert.deepEqual(await deployed({ clientTLSSecrets }, "1.15.2"), { ...owned, clientTLSSecrets });
    assert.deepEqual(await deployed({ clientTLSSecrets }, "1.15.1"), owned);
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
    const values = { postgres: { user: "a" } };
    const valuesFor = [{ versions: "*", values: { postgres: { user: "b" } } }];
    await deployed({ values, valuesFor });
    assert.deepEqual(
      [values, valuesFor[0]?.values],
      [{ postgres: { user: "a" } }, { postgres: { user: "b" } }],
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

  it("keep a secret leaf secret and every other leaf plain", async () => {
    const values = valuesOf(
      layers({
        license: pulumi.secret("key"),
        values: { postgres: { user: "bsr", password: pulumi.secret("pw") } },
      }),
      "1.16.1",
    ) as { host: unknown; license: { key: unknown }; postgres: { user: unknown; password: unknown } };
    assert.equal(values.host, host);
    assert.equal(values.postgres.user, "bsr");
    for (const leaf of [values.postgres.password, values.license.key]) {
      assert.ok(await isSecret(leaf));
    }
  });

  it("are secret as a whole where the user's are", async () => {
    const values = valuesOf(layers({ values: pulumi.secret({ a: 1 }) }), "1.5.1");
    assert.ok(await isSecret(values));
  });
});

describe("the database's name", () => {
  const rows: [Values, string, string][] = [
    [{}, "default:5432/postgres", "the chart's own defaults"],
    [
      { postgres: { host: "db.example.com", database: "bsr" } },
      "db.example.com:5432/bsr",
      "host and name, at the usual port",
    ],
    [{ postgres: { host: "db", port: 5432 } }, "db:5432/postgres", "the usual port may be given"],
    [{ postgres: { host: "db", port: 5433 } }, "db:5433/postgres", "the port tells servers of a host apart"],
    [{ postgres: { host: "db", port: "5433" } }, "db:5433/postgres", "a port as text is the same port"],
    [{ postgres: { cloudSqlInstance: "p:r:i", database: "bsr" } }, "p:r:i/bsr", "a Cloud SQL instance"],
  ];
  for (const [values, name, because] of rows) {
    it(`${name}: ${because}`, async () => {
      assert.equal(await known(databaseOf(layers({ values }))), name);
    });
  }

  it("is refused, all problems at once, where the values cannot name a database", async () => {
    await assert.rejects(known(databaseOf(layers({ values: { postgres: { host: 5, port: true } } }))), {
      name: "ArgumentError",
      message: [
        "The arguments cannot be used:",
        "- postgres.host: must be text",
        "- postgres.port: must be a number or text",
      ].join("\n"),
    });
  });

  it("is no secret, even where all values are", async () => {
    const name = databaseOf(layers({ values: pulumi.secret({ postgres: { host: "db", password: "pw" } }) }));
    assert.equal(await isSecret(name), false);
    assert.equal(await known(name), "db:5432/postgres");
  });
});

describe("the values given, for contracts", () => {
  it("are the dotted paths of leaves, with the range they are for", async () => {
    const given = givenValues(
      layers({
        license: "key",
        values: { postgres: { host: "db", ssl: { mode: "require" } }, extra: ["a"], none: null },
        valuesFor: [{ versions: ">=1.15.2", values: { clientTLSSecrets: ["ca"] } }],
      }),
    );
    assert.deepEqual(await known(given), [
      { path: "host", versions: "*" },
      { path: "license.key", versions: ">=1.16.0" },
      { path: "postgres.host", versions: "*" },
      { path: "postgres.ssl.mode", versions: "*" },
      { path: "extra", versions: "*" },
      { path: "none", versions: "*" },
      { path: "clientTLSSecrets", versions: ">=1.15.2" },
      { path: "maintenance", versions: "*" },
    ]);
  });

  it("have no license where none is given", async () => {
    const paths = (await known(givenValues(layers({})))).map(({ path }) => path);
    assert.deepEqual(paths, ["host", "maintenance"]);
  });

  it("are paths and never what stands there, so that they are no secret", async () => {
    const given = givenValues(
      layers({
        license: pulumi.secret("the license"),
        values: pulumi.secret({ postgres: { password: "the password" } }),
      }),
    );
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
        promised: Promise.resolve({ inner: pulumi.secret("promised") }),
      },
      [{ versions: "*", values: pulumi.secret({ a: { b: "deep" }, c: ["deep list"], pin: 123456 }) }],
      undefined,
      null,
    ]);
    assert.deepEqual((await known(secrets)).flat().sort(), [
      "123456",
      "deep",
      "deep list",
      "in a list",
      "promised",
      "the kubeconfig",
      "the password",
    ]);
  });

  it("are none where nothing is secret", async () => {
    assert.deepEqual(await known(secretsOf(["a", { b: "c" }, undefined])), []);
  });
});
