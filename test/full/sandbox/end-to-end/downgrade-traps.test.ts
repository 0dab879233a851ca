import assert from "node:assert/strict";
import { exec } from "../../../../sandbox/exec";
import { createInstance, type Instance } from "../../../../sandbox/instance";
import { Stack } from "../../../../sandbox/stack";
import { helmHistory } from "../../../sandbox/end-to-end/helm";
import { versions, walkUnderLoad } from "../../../sandbox/end-to-end/under-load";

describe("down over patches that do not own the database", function () {
  this.timeout("20m");
  let instance: Instance;
  let stack: Stack;

  before(async () => {
    instance = await createInstance("traps");
    stack = await Stack.create("traps", instance, { version: "1.8.2" });
    const installed = await stack.up();
    assert.ok(installed.ok, installed.text);
    await instance.answers();
  });

  after(async () => {
    await stack.remove();
    await instance.close();
  });

  it("leaves the owner what it is, down a patch and up a patch again", async () => {
    for (const version of ["1.8.0", "1.8.1"]) {
      stack.configure({ version });
      await walkUnderLoad(instance, stack);
      assert.deepEqual(await versions(stack), [version, "1.8.2", "1.8.2"]);
      assert.equal(await instance.schemaVersion(), 281);
    }
  });

  it("goes down a minor with the owner's binary, also when Helm has forgotten the owner's revision", async () => {
    const forgotten = "sh.helm.release.v1.bsr.v1";
    await exec("kubectl", ["-n", instance.namespace, "delete", "secret", forgotten], { env: instance.env });
    assert.deepEqual(await helmHistory(instance), ["1.8.0 superseded", "1.8.1 deployed"]);

    stack.configure({ version: "1.7.0" });
    const text = await walkUnderLoad(instance, stack);
    assert.match(text, /Helm has no revision of 1\.8\.2 left: its pods are rendered from its chart/);
    assert.match(text, /migratedownto: migrating the database down from 281 to 266/);
    assert.equal(await instance.schemaVersion(), 266);
    assert.deepEqual(await versions(stack), ["1.7.0", "1.7.0", "1.8.2"]);
    const again = await stack.preview({ args: ["--expect-no-changes"] });
    assert.ok(again.ok, again.text);
  });
});

describe("an acknowledged way down over four minors", function () {
  this.timeout("30m");
  let instance: Instance;
  let stack: Stack;
  let id: number;

  /** What the newest column and the newest table of the release that runs hold of the module. */
  const features = async () => {
    const answer = await fetch(`${instance.url}/v1/modules/${id}`);
    return ((await answer.json()) as { features: Record<string, string | null> }).features;
  };

  before(async () => {
    instance = await createInstance("ackdown");
    stack = await Stack.create("ackdown", instance, { version: "1.6.0" });
    const installed = await stack.up();
    assert.ok(installed.ok, installed.text);
    await instance.answers();
    const body = JSON.stringify({ name: "noted", content: "kept", note: "will be lost" });
    const answer = await fetch(`${instance.url}/v1/modules`, { method: "POST", body });
    ({ id } = (await answer.json()) as { id: number });
    assert.deepEqual(await features(), { field_252: "will be lost", feature_254: "will be lost" });
  });

  after(async () => {
    await stack.remove();
    await instance.close();
  });

  it("is refused until exactly this loss is acknowledged", async () => {
    stack.configure({ version: "1.2.0", acknowledgeDataLoss: "1.6.0->1.3.1" });
    const refused = await stack.preview();
    assert.ok(!refused.ok);
    assert.match(refused.text, /below-high-water-mark/);
    assert.match(refused.text, /1\.6\.0->1\.2\.0/);

    stack.configure({ acknowledgeDataLoss: "1.6.0->1.2.0" });
    const preview = await stack.preview();
    assert.ok(preview.ok, preview.text);
    assert.match(preview.text, /loss of data: .* migrations 248 to 255 of 1\.6\.0 brought/);
  });

  it("goes minor by minor, each with the binary of the one before, and no request fails", async () => {
    const text = await walkUnderLoad(instance, stack);
    for (const [before, after] of [
      [255, 247],
      [247, 246],
      [246, 241],
      [241, 239],
    ])
      assert.match(text, new RegExp(`migratedownto: migrating the database down from ${before} to ${after}`));
    assert.equal(await instance.schemaVersion(), 239);
    assert.deepEqual(await helmHistory(instance), [
      "1.6.0 superseded",
      "1.5.1 superseded",
      "1.4.1 superseded",
      "1.3.1 superseded",
      "1.2.0 deployed",
    ]);
    assert.deepEqual(await versions(stack), ["1.2.0", "1.2.0", "1.6.0"]);
  });

  it("goes up again, and the columns and tables that were lost are back and empty", async () => {
    stack.configure({ version: "1.6.0", acknowledgeDataLoss: undefined });
    await walkUnderLoad(instance, stack);
    assert.equal(await instance.schemaVersion(), 255);
    assert.deepEqual(await features(), { field_252: null, feature_254: null });
    const [row] = await instance.query<{ content: string }>("SELECT content FROM modules WHERE id = $1", [
      id,
    ]);
    assert.equal(row?.content, "kept");
    assert.deepEqual(await versions(stack), ["1.6.0", "1.6.0", "1.6.0"]);
  });
});
