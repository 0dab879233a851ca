import assert from "node:assert/strict";
import { sandboxEnv } from "../../../../sandbox/env";
import { createInstance, type Instance } from "../../../../sandbox/instance";
import { Stack } from "../../../../sandbox/stack";
import { program } from "../../../sandbox/compositions/project";
import { helmHistory } from "../../../sandbox/end-to-end/helm";
import { rows } from "../../../sandbox/end-to-end/rows";

/** Options of Pulumi on the component, which its resources inherit; each test goes on where the one before stopped. */
describe("an instance with transforms, and protected", function () {
  this.timeout("20m");
  let instance: Instance;
  let stack: Stack;

  before(async () => {
    instance = await createInstance("options", { postgresSecret: false });
    const { namespace, password, values } = instance;
    stack = await Stack.of(program("nested"), "options", {
      shape: "nested",
      version: "1.1.0",
      namespace,
      chart: sandboxEnv()["BSR_SANDBOX_CHART"],
      postgres: { ...values.postgres, password },
      options: ["protect-release"],
    });
    const installed = await stack.up();
    assert.ok(installed.ok, installed.text);
  });

  after(async () => {
    await stack.remove();
    await instance.close();
  });

  it("is bumped while its Release is protected, and the records of old steps go", async () => {
    stack.configure({ version: "1.2.0" });
    const up = await stack.up();
    assert.ok(up.ok, up.text);
    assert.deepEqual(rows(up.text, /\bdeleted\b/), [
      "bsr-1-0-preflight",
      "bsr-1-1-begin-1.1.0",
      "bsr-1-1-verify-1.1.0",
    ]);
  });

  it("is not destroyed while it is protected", async () => {
    const destroyed = await stack.destroy();
    assert.ok(!destroyed.ok, destroyed.text);
    assert.match(destroyed.text, /cannot be deleted/);
    assert.deepEqual(await helmHistory(instance), ["1.1.0 superseded", "1.2.0 deployed"]);
  });

  it("gets what transforms and transformations change, and no done step runs again, even without its options", async () => {
    // Values are part of what a preflight is told, so that its text changes.
    stack.configure({ options: ["transforms", "transformations"], maxBodySizeBytes: 1048576 });
    const up = await stack.up();
    assert.ok(up.ok, up.text);
    assert.match(await stack.state(), /"pulumi-bsr-test": "tagged"/);
    assert.ok(rows(up.text, /\bupdated\b/).includes("bsr-2-0-preflight"), up.text);
    assert.doesNotMatch(up.text, /can be deployed|ready to deploy/);
    // Made anew, or for the first time where destroying has taken its record before it came to what is protected.
    assert.deepEqual(rows(up.text, /\b(replaced|created)\b/), ["bsr-2-1-verify-1.2.0"]);
    assert.deepEqual(await helmHistory(instance), ["1.1.0 superseded", "1.2.0 superseded", "1.2.0 deployed"]);
  });

  it("is bumped with them", async () => {
    stack.configure({ version: "1.3.1" });
    const up = await stack.up();
    assert.ok(up.ok, up.text);
    assert.deepEqual(rows(up.text, /\bcreated\b/), [
      "bsr-3-0-preflight",
      "bsr-3-1-begin-1.3.1",
      "bsr-3-1-verify-1.3.1",
    ]);
    const preview = await stack.preview({ args: ["--expect-no-changes"] });
    assert.ok(preview.ok, preview.text);
  });
});
