import assert from "node:assert/strict";
import { createInstance, type Instance } from "../../../../sandbox/instance";
import { Stack } from "../../../../sandbox/stack";
import { ByHand } from "../../../sandbox/end-to-end/by-hand";
import { helmHistory } from "../../../sandbox/end-to-end/helm";
import { walkUnderLoad } from "../../../sandbox/end-to-end/under-load";

/** Each test goes on where the one before stopped. */
describe("an instance whose stack's state was lost", function () {
  this.timeout("8m");
  let instance: Instance;
  let byHand: ByHand;
  let stack: Stack;

  before(async () => {
    instance = await createInstance("lost");
    byHand = new ByHand(instance);
    stack = await Stack.create("lost", instance, { version: "1.3.1" });
    for (const version of ["1.3.1", "1.4.1"]) {
      stack.configure({ version });
      const up = await stack.up();
      assert.ok(up.ok, up.text);
    }
    await stack.remove();
    stack = await Stack.create("found", instance, { version: "1.4.1" });
  });

  after(async () => {
    await stack.remove();
    await instance.close();
  });

  it("is refused, with the stack that had it", async () => {
    const refused = await stack.preview();
    assert.ok(!refused.ok);
    assert.match(refused.text, /release-not-owned[\s\S]* is of stack bsr\/test-lost-\S+, begun at/);
    assert.match(refused.text, /take it over: version: 1\.4\.1 and adopt: 2,/);
  });

  it("is taken over at its own version only", async () => {
    stack.configure({ adopt: 2, version: "1.5.1" });
    const preview = await stack.preview();
    assert.ok(!preview.ok);
    assert.match(preview.text, /adopted-at-its-version[\s\S]*Set version to 1\.4\.1 and run pulumi up/);
  });

  it("is taken over by another stack, under load, with no pod restarted", async () => {
    stack.configure({ version: "1.4.1" });
    const pods = await byHand.pods();
    await walkUnderLoad(instance, stack);
    assert.deepEqual(await byHand.pods(), pods);
  });

  it("is bumped and taken back with the record that it had", async () => {
    stack.configure({ version: "1.5.1", adopt: undefined });
    const bump = await stack.up();
    assert.ok(bump.ok, bump.text);
    assert.equal((await helmHistory(instance)).at(-1), "1.5.1 deployed");
    stack.configure({ version: "1.3.1" });
    const refused = await stack.preview();
    assert.match(refused.text, /below-high-water-mark/);
  });
});
