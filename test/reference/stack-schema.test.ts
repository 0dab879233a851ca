import { strict as assert } from "node:assert";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import Ajv from "ajv";
import { parse } from "yaml";

const project = join(__dirname, "..", "..");
const schema = JSON.parse(readFileSync(join(project, "schema", "stack.schema.json"), "utf8")) as object;
const validate = new Ajv({ allErrors: true }).compile(schema);

/** Where a stack's file is not as the schema wants it. */
function faults(file: unknown): string[] {
  return validate(file) === true ? [] : (validate.errors ?? []).map((error) => error.dataPath);
}

const config = (keys: Record<string, unknown>) => ({ config: { "bsr:version": "1.9.1", ...keys } });

describe("the JSON schema of a stack's file", () => {
  const stacks = readdirSync(join(project, "stacks")).filter((name) =>
    /^Pulumi\.(dev|staging|prod)\.yaml$/.test(name),
  );
  for (const name of stacks) {
    const text = readFileSync(join(project, "stacks", name), "utf8");
    it(`is named by ${name}, which is as it wants`, () => {
      assert.match(text, /^# yaml-language-server: \$schema=\.\.\/schema\/stack\.schema\.json\n/);
      assert.deepEqual(faults(parse(text)), []);
    });
  }
  it("has example stacks to be tried with", () => {
    assert.equal(stacks.length, 3);
  });

  const secure = { secure: "v1:abc" };
  const accepted: [Record<string, unknown>, string][] = [
    [{ "kubernetes:context": "x" }, "other namespaces belong to others"],
    [{ "bsr:license": secure }, "a secret"],
    [{ "bsr:values": secure }, "a block that is secret as a whole, as JSON"],
    [{ "bsr:postgres": { host: "db", port: 5432, password: secure } }, "a secret in a block"],
    [{ "bsr:postgres": { host: secure } }, "any text that may be an Output"],
    [{ "bsr:auth": { autoProvisionedAdminEmails: [secure, "a@b.example"] } }, "a secret in a list"],
    [{ "bsr:bufd": { serviceAccount: { annotations: { role: secure } } } }, "a secret in a map"],
    [{ "bsr:allowDowntime": "true", "bsr:deployTimeoutSeconds": "60" }, "what pulumi config set writes"],
    [{ "bsr:acceptUnhealthy": '["redis"]', "bsr:values": '{"a":1}' }, "and writes of lists and maps"],
    [{ "bsr:releases": [{ version: "1.24.0", databaseVersion: null }] }, "what nobody knows"],
    [{ "bsr:valuesFor": [{ versions: "<1.15.2", values: { bufd: { any: [1] } } }] }, "values of any kind"],
    [{ "bsr:redis": { address: "redis:6379", tls: { use: "false" } } }, "false as text"],
  ];
  for (const [keys, because] of accepted) {
    it(`takes ${JSON.stringify(keys)}: ${because}`, () => {
      assert.deepEqual(faults(config(keys)), []);
    });
  }

  const refused: [Record<string, unknown>, string, string][] = [
    [{ "bsr:versoin": "1.9.1" }, ".config", "there is no such key"],
    [{ version: "1.9.1" }, ".config", "Pulumi wants a namespace"],
    [{ "bsr:postgres": { hots: "db" } }, ".config['bsr:postgres']", "nor in a block"],
    [{ "bsr:valuesFor": [{ version: "*", values: {} }] }, ".config['bsr:valuesFor'][0]", "nor in a list"],
    [{ "bsr:version": 1.9 }, ".config['bsr:version']", "a version is text"],
    [{ "bsr:version": secure }, ".config['bsr:version']", "a version is shown"],
    [{ "bsr:strategy": "fast" }, ".config['bsr:strategy']", "there are two strategies"],
    [{ "bsr:allowDowntime": "yes" }, ".config['bsr:allowDowntime']", "yes is no boolean"],
    [{ "bsr:postgres": { port: "5432" } }, ".config['bsr:postgres'].port", "a port is a number"],
    [{ "bsr:postgres": { port: secure } }, ".config['bsr:postgres'].port", "a secure value is text"],
    [{ "bsr:postgres": { passwordSecret: "A_b" } }, ".config['bsr:postgres'].passwordSecret", "a name"],
    [{ "bsr:storage": { gcs: {} } }, ".config['bsr:storage'].gcs", "a bucket has a name"],
    [{ "bsr:redis": { tls: { use: false } } }, ".config['bsr:redis'].tls.use", "false is text here"],
    [{ "bsr:chart": "oci://r.example/c:1.2.3" }, ".config['bsr:chart']", "a chart has no version"],
    [{ "bsr:license": { secure: 5 } }, ".config['bsr:license'].secure", "what is encrypted is text"],
  ];
  for (const [keys, at, because] of refused) {
    it(`refuses ${JSON.stringify(keys)}: ${because}`, () => {
      const found = faults(config(keys));
      assert.ok(found.includes(at), `${at} in ${found.join(", ")}`);
    });
  }
});
