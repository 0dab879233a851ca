import assert from "node:assert/strict";
import { createInstance, type Instance } from "../../../sandbox/instance";
import { Stack } from "../../../sandbox/stack";
import { ByHand } from "./by-hand";
import { helmHistory } from "./helm";
import { walkUnderLoad } from "./under-load";

/** Each test goes on where the one before stopped. */
describe("an instance that was installed by hand", function () {
  this.timeout("6m");
  let instance: Instance;
  let byHand: ByHand;
  let stack: Stack;
  let pods: string[];

  before(async () => {
    instance = await createInstance("adoption");
    byHand = new ByHand(instance);
    // The component gives the license to no release before 1.16.0, and a change of it restarts bufd.
    await byHand.install("1.3.1");
    await instance.answers();
    pods = await byHand.pods();
    stack = await Stack.create("adoption", instance, { version: "1.4.1" });
  });

  after(async () => {
    await stack.remove();
    await instance.close();
  });

  it("is refused, with the lines of the configuration that take it over", async () => {
    const preview = await stack.preview();
    assert.ok(!preview.ok);
    assert.match(preview.text, /release-not-owned\s+found: .* 1\.3\.1 at Helm revision 1 \(deployed at/);
    assert.match(preview.text, /take it over: version: 1\.3\.1 and adopt: 1, then pulumi up/);
  });

  it("shows in preview what will be the stack's", async () => {
    stack.configure({ version: "1.3.1", adopt: 1 });
    const preview = await stack.preview();
    assert.ok(preview.ok, preview.text);
    assert.match(preview.text, /adopted: 1\.3\.1 at Helm revision 1 .* becomes this stack's/);
    assert.match(preview.text, /differ from those that it has in maintenance;/);
    assert.deepEqual(await helmHistory(instance), ["1.3.1 deployed"]);
  });

  it("is taken over by one up, under load, with no pod restarted", async () => {
    await walkUnderLoad(instance, stack);
    assert.deepEqual(await byHand.pods(), pods);
    assert.equal((await stack.outputs())["deployedVersion"], "1.3.1");
    const preview = await stack.preview({ args: ["--expect-no-changes"] });
    assert.ok(preview.ok, preview.text);
  });

  it("is bumped like every other one, and what was configured to take it over may stay or go", async () => {
    stack.configure({ version: "1.4.1" });
    const up = await stack.up();
    assert.ok(up.ok, up.text);
    assert.equal((await helmHistory(instance)).at(-1), "1.4.1 deployed");
    stack.configure({ adopt: undefined });
    const preview = await stack.preview({ args: ["--expect-no-changes"] });
    assert.ok(preview.ok, preview.text);
  });
});
