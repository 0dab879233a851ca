import assert from "node:assert/strict";
import { sandboxEnv } from "../../../../sandbox/env";
import { createInstance, type Instance } from "../../../../sandbox/instance";
import { Stack } from "../../../../sandbox/stack";
import { program } from "../../../sandbox/compositions/project";
import { helmHistory } from "../../../sandbox/end-to-end/helm";
import { rows } from "../../../sandbox/end-to-end/rows";

/** An instance that moves in its program; each test goes on where the one before stopped. */
describe("an instance that becomes part of a component, and gets another name", function () {
  this.timeout("15m");
  let instance: Instance;
  let stack: Stack;

  before(async () => {
    instance = await createInstance("aliases", { postgresSecret: false });
    const { namespace, password, values } = instance;
    stack = await Stack.of(program("nested"), "aliases", {
      shape: "flat",
      version: "1.1.0",
      namespace,
      chart: sandboxEnv()["BSR_SANDBOX_CHART"],
      postgres: { ...values.postgres, password },
    });
    const installed = await stack.up();
    assert.ok(installed.ok, installed.text);
  });

  after(async () => {
    await stack.remove();
    await instance.close();
  });

  it("is changed in nothing when a component takes it in", async () => {
    stack.configure({ shape: "nested" });
    const preview = await stack.preview();
    assert.ok(preview.ok, preview.text);
    assert.deepEqual(rows(preview.text, /./), ["platform"]);
    const up = await stack.up();
    assert.ok(up.ok, up.text);
    assert.deepEqual(await helmHistory(instance), ["1.1.0 deployed"]);
  });

  it("is changed in nothing under another name", async () => {
    stack.configure({ shape: "renamed" });
    const preview = await stack.preview({ args: ["--expect-no-changes"] });
    assert.ok(preview.ok, preview.text);
  });

  it("goes on from the transition that was done under the old name", async () => {
    stack.configure({ version: "1.2.0" });
    const up = await stack.up();
    assert.ok(up.ok, up.text);
    assert.deepEqual(rows(up.text, /\bcreated\b/), [
      "platform-registry-2-0-preflight",
      "platform-registry-2-1-begin-1.2.0",
      "platform-registry-2-1-verify-1.2.0",
    ]);
    assert.deepEqual(rows(up.text, /\bdeleted\b/), [
      "bsr-1-0-preflight",
      "bsr-1-1-begin-1.1.0",
      "bsr-1-1-verify-1.1.0",
    ]);
    assert.deepEqual(rows(up.text, /replace/), []);
    assert.deepEqual(await helmHistory(instance), ["1.1.0 superseded", "1.2.0 deployed"]);
    const preview = await stack.preview({ args: ["--expect-no-changes"] });
    assert.ok(preview.ok, preview.text);
  });
});
