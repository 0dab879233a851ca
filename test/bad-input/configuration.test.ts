import { strict as assert } from "node:assert";
import * as pulumi from "@pulumi/pulumi";
import fc from "fast-check";
import { ArgumentError, argsSchema } from "../../components/bsr-release/args";
import { readConfiguration } from "../../components/bsr-release/configuration";
import { prepare } from "../../components/bsr-release/check-arguments";
import { anyJson } from "./arbitrary";
import { configurationKinds } from "./kinds/configuration";
import { assertActionable, planted } from "./words";

const needed = {
  "bsr:version": "1.5.1",
  "bsr:host": "bsr.example.com",
  "bsr:license": `${planted} of the license`,
};
/** A version by itself is refused by the ledger, which knows more; beside something else, it is told here. */
const somethingElse = { "bsr:allowDowntime": "5" };

describe("bad input in the configuration", () => {
  const environment = process.env["PULUMI_CONFIG_SECRET_KEYS"];
  afterEach(() => {
    pulumi.runtime.setAllConfig({});
    if (environment === undefined) delete process.env["PULUMI_CONFIG_SECRET_KEYS"];
    else process.env["PULUMI_CONFIG_SECRET_KEYS"] = environment;
  });

  /** What a user is told; `undefined` where the configuration can be used. */
  function told(config: Readonly<Record<string, string>>, secretKeys: string[] = []): string | undefined {
    pulumi.runtime.setAllConfig({ ...config }, secretKeys);
    process.env["PULUMI_CONFIG_SECRET_KEYS"] = JSON.stringify(secretKeys);
    try {
      prepare(readConfiguration(new pulumi.Config("bsr")));
      return undefined;
    } catch (error) {
      if (error instanceof ArgumentError) return error.message;
      throw error;
    }
  }

  for (const { key, text, secret, told: words } of configurationKinds) {
    it(`is told of, where ${key} is ${JSON.stringify(text.slice(0, 60))}${secret === true ? " and secure" : ""}`, () => {
      const said = told(
        { ...needed, ...somethingElse, [`bsr:${key}`]: text },
        secret === true ? [`bsr:${key}`] : [],
      );
      assert.ok(said !== undefined, "it was taken");
      assertActionable(said, words);
      assert.ok(said.includes(`bsr:${key}`), said);
    });
  }

  it("is told of at once, however many keys are wrong", () => {
    const said = told({
      "bsr:version": "v1",
      "bsr:namespace": "A",
      "bsr:values": "{",
      "bsr:postgres": '{"port":0,"passwrd":"x"}',
      "bsr:nonsense": "x",
    });
    assert.ok(said !== undefined);
    for (const key of [
      "version",
      "host",
      "namespace",
      "values",
      "postgres.port",
      "postgres.passwrd",
      "nonsense",
    ]) {
      assert.match(said, new RegExp(`bsr:${key.replace(".", "\\.")}: `));
    }
  });

  for (const key of Object.keys(argsSchema.shape)) {
    it(`is told of or taken, whatever JSON stands in ${key}`, () => {
      fc.assert(
        fc.property(fc.oneof(anyJson, fc.string()), (value) => {
          const text = typeof value === "string" ? value : JSON.stringify(value);
          const said = told({ ...needed, [`bsr:${key}`]: text });
          // What was given in the clear may be quoted, and be long and odd itself.
          if (said !== undefined && !/object|undefined|[A-Z]\w+Error/.test(text)) {
            assertActionable(said.slice(0, 1000), `bsr:${key}`);
          }
        }),
        { numRuns: 100 },
      );
    });
  }
});
