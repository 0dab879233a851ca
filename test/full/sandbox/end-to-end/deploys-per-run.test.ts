import assert from "node:assert/strict";
import { createInstance, type Instance } from "../../../../sandbox/instance";
import { Stack } from "../../../../sandbox/stack";
import { helmHistory, helmValues } from "../../../sandbox/end-to-end/helm";
import { walkUnderLoad } from "../../../sandbox/end-to-end/under-load";

/** Each test goes on where the one before stopped. */
describe("a way with a limit of two deploys for a run", function () {
  this.timeout("10m");
  let instance: Instance;
  let stack: Stack;

  before(async () => {
    instance = await createInstance("limited");
    stack = await Stack.create("limited", instance, {
      version: "1.1.0",
      valuesFor: [{ versions: ">=1.4.0", values: { bufd: { deploymentAnnotations: { since: "1.4" } } } }],
    });
    const installed = await stack.up();
    assert.ok(installed.ok, installed.text);
    await instance.answers();
  });

  after(async () => {
    await stack.remove();
    await instance.close();
  });

  it("says in preview where this run ends, and what is left", async () => {
    stack.configure({ version: "1.5.1", deploysPerRun: 2 });
    const preview = await stack.preview();
    assert.ok(preview.ok, preview.text);
    assert.match(preview.text, /1\.1\.0 to 1\.3\.1 \(upgrade\)/);
    assert.match(
      preview.text,
      /this run ends at 1\.3\.1, verified \(deploysPerRun\); 2 deploys more to 1\.5\.1/,
    );
    assert.match(preview.text, /2\. deploy 1\.3\.1/);
    assert.doesNotMatch(preview.text, /deploy 1\.4\.1/);
  });

  it("ends a run verified and serving", async () => {
    const text = await walkUnderLoad(instance, stack);
    assert.match(text, /1\.3\.1: done, 1\.1\.0 to 1\.3\.1 in 2 deploys/);
    assert.equal((await stack.outputs())["deployedVersion"], "1.3.1");
  });

  it("goes on with the next, until there is nothing to do", async () => {
    await walkUnderLoad(instance, stack);
    assert.deepEqual(await helmHistory(instance), [
      "1.1.0 superseded",
      "1.2.0 superseded",
      "1.3.1 superseded",
      "1.4.1 superseded",
      "1.5.1 deployed",
    ]);
    const preview = await stack.preview({ args: ["--expect-no-changes"] });
    assert.ok(preview.ok, preview.text);
  });

  it("gave each release the values of its range, also where the Release deployed it in the middle", async () => {
    const values = (await helmValues(instance)) as Record<string, { bufd?: object }>;
    assert.deepEqual(
      Object.entries(values).map(([version, { bufd }]) => [version, bufd !== undefined]),
      [
        ["1.1.0", false],
        ["1.2.0", false],
        ["1.3.1", false],
        ["1.4.1", true],
        ["1.5.1", true],
      ],
    );
  });
});
