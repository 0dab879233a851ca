import assert from "node:assert/strict";
import { createInstance, type Instance } from "../../../sandbox/instance";
import { Stack } from "../../../sandbox/stack";
import { helmHistory, record } from "./helm";
import { noJobIsLeft } from "./jobs";
import { versions, walkUnderLoad } from "./under-load";

describe("the ways down", function () {
  this.timeout("10m");
  let instance: Instance;
  let stack: Stack;

  before(async () => {
    instance = await createInstance("down");
    stack = await Stack.create("down", instance, { version: "1.9.1" });
    const installed = await stack.up();
    assert.ok(installed.ok, installed.text);
    await instance.answers();
  });

  after(async () => {
    await stack.remove();
    await instance.close();
  });

  it("goes to an older patch with one deploy, and leaves the database to its owner", async () => {
    stack.configure({ version: "1.9.0" });
    await walkUnderLoad(instance, stack);
    assert.equal(await instance.schemaVersion(), 286);
    assert.deepEqual(await versions(stack), ["1.9.0", "1.9.1", "1.9.1"]);
  });

  it("goes down a minor with the owner's binary, which is not that of the version deployed", async () => {
    stack.configure({ version: "1.8.3" });
    const preview = await stack.preview();
    assert.ok(preview.ok, preview.text);
    assert.match(preview.text, /2\. migrate the database down to 281 with the binary of 1\.9\.1/);
    const text = await walkUnderLoad(instance, stack);
    assert.match(text, /rehearsing migratedownto with the binary of 1\.9\.1/);
    assert.match(text, /migratedownto: migrating the database down from 286 to 281/);
    assert.equal(await instance.schemaVersion(), 281);
    assert.deepEqual(await versions(stack), ["1.8.3", "1.8.3", "1.9.1"]);
    assert.deepEqual(await helmHistory(instance), ["1.9.1 superseded", "1.9.0 superseded", "1.8.3 deployed"]);
    const again = await stack.preview({ args: ["--expect-no-changes"] });
    assert.ok(again.ok, again.text);
  });

  it("leaves no Job, copy or saved pod behind", () => noJobIsLeft(instance));

  it("goes no further than a minor below the highest version, and says where that comes from", async () => {
    stack.configure({ version: "1.7.0" });
    const preview = await stack.preview();
    assert.ok(!preview.ok);
    assert.match(preview.text, /below-high-water-mark/);
    assert.match(preview.text, /1\.9\.1->1\.7\.0/);
  });

  it("goes up again", async () => {
    stack.configure({ version: "1.9.1" });
    await walkUnderLoad(instance, stack);
    assert.equal(await instance.schemaVersion(), 286);
    assert.deepEqual(await versions(stack), ["1.9.1", "1.9.1", "1.9.1"]);
    assert.equal((await record(instance)).schemaOwner, "1.9.1");
  });
});
