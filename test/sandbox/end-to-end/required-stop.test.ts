import assert from "node:assert/strict";
import { createInstance, type Instance } from "../../../sandbox/instance";
import { startLoad } from "../../../sandbox/load/load";
import { Stack } from "../../../sandbox/stack";
import { helmHistory } from "./helm";

describe("a path over 1.7.0 without a check or a confirmation", function () {
  this.timeout("8m");
  let instance: Instance;
  let stack: Stack;

  before(async () => {
    instance = await createInstance("stop");
    stack = await Stack.create("stop", instance, { version: "1.6.0" });
    const installed = await stack.up();
    assert.ok(installed.ok, installed.text);
  });

  after(async () => {
    await stack.remove();
    await instance.close();
  });

  it("stops at 1.7.0, verified and serving, and names the key", async () => {
    stack.configure({ version: "1.8.3" });
    const load = await startLoad({ url: instance.url });
    const up = await stack.up();
    const report = await load.stop();
    assert.ok(!up.ok);
    assert.equal(report.failed, 0, JSON.stringify(report.examples));
    assert.match(up.text, /bsr:dataMigrations: \{"completed": \["1\.7\.0"\]\}/);
    assert.equal((await helmHistory(instance)).at(-1), "1.7.0 deployed");
  });

  it("goes on at the wait once it is confirmed", async () => {
    stack.configure({ dataMigrations: { completed: ["1.7.0"] } });
    const up = await stack.up();
    assert.ok(up.ok, up.text);
    assert.match(up.text, /data migration confirmed as completed/);
    assert.deepEqual(await helmHistory(instance), ["1.6.0 superseded", "1.7.0 superseded", "1.8.3 deployed"]);
    assert.equal((await stack.outputs())["deployedVersion"], "1.8.3");
  });
});
