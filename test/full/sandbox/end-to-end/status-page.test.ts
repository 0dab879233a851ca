import assert from "node:assert/strict";
import { createInstance, type Instance } from "../../../../sandbox/instance";
import { Stack } from "../../../../sandbox/stack";
import { record } from "../../../sandbox/end-to-end/helm";
import { Mirror } from "../../../sandbox/end-to-end/mirror";

const license = "a-license-that-no-output-may-show";

describe("releases with a status page and a license", function () {
  this.timeout("6m");
  let instance: Instance;
  let stack: Stack;

  before(async () => {
    instance = await createInstance("status");
    const mirror = new Mirror(instance);
    for (const version of ["1.22.1", "1.23.0"]) await mirror.publish(version);
    await mirror.publish("1.24.0", { databaseVersion: 365 });
    stack = await Stack.create("status", instance, { version: "1.22.1", chart: mirror.chart });
  });

  after(async () => {
    await stack.remove();
    await instance.close();
  });

  it("are refused in preview without the license", async () => {
    const preview = await stack.preview();
    assert.ok(!preview.ok);
    assert.match(preview.text, /license-required/);
    await stack.configureSecret("license", license);
  });

  it("are verified by what every pod's status page says", async () => {
    const up = await stack.up();
    assert.ok(up.ok, up.text);
    assert.match(up.text, /1\.22\.1: verified, schema version 354/);
    assert.ok(!up.text.includes(license), "the license is in the output");
  });

  it("may be newer than the table: added by the user, their schema version is learned", async () => {
    stack.configure({ version: "1.24.0" });
    const unknown = await stack.preview();
    assert.ok(!unknown.ok);
    assert.match(unknown.text, /unknown-release/);

    stack.configure({ releases: [{ version: "1.24.0" }] });
    const up = await stack.up();
    assert.ok(up.ok, up.text);
    assert.match(up.text, /1\.23\.0: verified, schema version 359/);
    assert.match(up.text, /1\.24\.0: verified, schema version 365/);
    const { verified, learned } = await record(instance);
    assert.deepEqual([verified.version, learned["1.24.0"]], ["1.24.0", 365]);
    const preview = await stack.preview({ args: ["--expect-no-changes"] });
    assert.ok(preview.ok, preview.text);
  });

  it("leave no license in plain state", async () => {
    assert.ok(!(await stack.state()).includes(license));
  });
});
