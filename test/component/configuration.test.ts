import { strict as assert } from "node:assert";
import * as pulumi from "@pulumi/pulumi";
import { ArgumentError, type BsrReleaseArgs } from "../../components/bsr-release/args";
import { prepare } from "../../components/bsr-release/check-arguments";
import { readConfiguration } from "../../components/bsr-release/configuration";
import { isSecret, known } from "./outputs";

const needed = { "bsr:version": "1.5.1", "bsr:host": "bsr.example.com" };

describe("the stack's configuration", () => {
  const environment = process.env["PULUMI_CONFIG_SECRET_KEYS"];
  afterEach(() => {
    pulumi.runtime.setAllConfig({});
    if (environment === undefined) delete process.env["PULUMI_CONFIG_SECRET_KEYS"];
    else process.env["PULUMI_CONFIG_SECRET_KEYS"] = environment;
  });

  function read(config: Record<string, string>, secretKeys: string[] = []): BsrReleaseArgs {
    pulumi.runtime.setAllConfig(config, secretKeys);
    process.env["PULUMI_CONFIG_SECRET_KEYS"] = JSON.stringify(secretKeys);
    return readConfiguration(new pulumi.Config("bsr"));
  }

  function problemsOf(config: Record<string, string>): readonly string[] {
    try {
      read(config);
    } catch (error) {
      if (error instanceof ArgumentError) return error.problems;
      throw error;
    }
    throw new Error("Expected problems, and the configuration can be read");
  }

  it("gives every argument by the key of its name: text as it stands, all else as JSON", () => {
    assert.deepEqual(
      read({
        ...needed,
        "bsr:namespace": "registry",
        "bsr:strategy": "maintenance",
        "bsr:allowDowntime": "true",
        "bsr:deployTimeoutSeconds": "60",
        "bsr:values": '{"postgres":{"host":"db"}}',
        "bsr:acceptUnhealthy": '["redis"]',
        "bsr:dataMigrations": '{"completed":["1.7.0"]}',
        "bsr:acknowledgeDataLoss": "1.9.1->1.8.3",
      }),
      {
        version: "1.5.1",
        host: "bsr.example.com",
        namespace: "registry",
        strategy: "maintenance",
        allowDowntime: true,
        deployTimeoutSeconds: 60,
        values: { postgres: { host: "db" } },
        acceptUnhealthy: ["redis"],
        dataMigrations: { completed: ["1.7.0"] },
        acknowledgeDataLoss: "1.9.1->1.8.3",
      },
    );
  });

  it("leaves other namespaces alone", () => {
    assert.deepEqual(Object.keys(read({ ...needed, "kubernetes:context": "x", "bsrs:host": "x" })), [
      "version",
      "host",
    ]);
  });

  it("keeps license and kubeconfig secret, also where they were set in the clear", async () => {
    const { args } = prepare(
      read({ ...needed, "bsr:license": "the license", "bsr:kubeconfig": "apiVersion: v1" }),
    );
    for (const [value, text] of [
      [args.license, "the license"],
      [args.kubeconfig, "apiVersion: v1"],
    ] as const) {
      assert.ok(await isSecret(value));
      assert.equal(await known(value), text);
    }
  });

  it("keeps structured values with a secure part secret, and they can be used", async () => {
    const args = read({ ...needed, "bsr:values": '{"postgres":{"password":"pw"}}' }, ["bsr:values"]);
    assert.ok(await isSecret(args.values));
    assert.deepEqual(await known(args.values), { postgres: { password: "pw" } });
    assert.doesNotThrow(() => prepare(args));
  });

  it("keeps the values of valuesFor secret when a part of it is, while its ranges stay plain", async () => {
    const args = read({ ...needed, "bsr:valuesFor": '[{"versions":">=1.15.2","values":{"a":"pw"}}]' }, [
      "bsr:valuesFor",
    ]);
    assert.doesNotThrow(() => prepare(args));
    const [layer] = args.valuesFor ?? [];
    assert.equal(layer?.versions, ">=1.15.2");
    assert.ok(await isSecret(layer.values));
    assert.deepEqual(await known(layer.values), { a: "pw" });
  });

  it("is refused with all problems at once: unknown keys, no JSON, missing keys", () => {
    assert.deepEqual(problemsOf({ "bsr:host": "h", "bsr:versoin": "1.5.1", "bsr:values": "{a: 1}" }), [
      "bsr:versoin: there is no such key; did you mean version?",
      "bsr:values: is not JSON",
      "bsr:version: must be given; pulumi config set version <version>",
    ]);
  });

  it("is refused where a key that decides the plan has a secure part", () => {
    assert.throws(
      () => read({ ...needed, "bsr:acceptUnhealthy": '["redis"]' }, ["bsr:acceptUnhealthy"]),
      (error: ArgumentError) => {
        assert.deepEqual(error.problems, [
          "bsr:acceptUnhealthy: has a secure value, and decides the plan, which is shown; set it in the clear",
        ]);
        return true;
      },
    );
  });

  it("is refused with the arguments' problems beside its own", () => {
    const config = {
      ...needed,
      "bsr:allowDowntime": '"yes"',
      "bsr:values": "null",
      "bsr:valuesFor": "{}",
      "bsr:colour": "blue",
    };
    assert.deepEqual(problemsOf(config), [
      "bsr:colour: there is no such key",
      "bsr:allowDowntime: must be true or false",
      "bsr:values: must be given",
      "bsr:valuesFor: must be a list",
    ]);
  });
});
