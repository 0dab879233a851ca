import assert from "node:assert/strict";
import type { Instance } from "../../../../sandbox/instance";
import { startLoad } from "../../../../sandbox/load/load";
import type { Stack } from "../../../../sandbox/stack";
import { broken } from "../../../sandbox/end-to-end/broken";
import { helmHistory, record } from "../../../sandbox/end-to-end/helm";

describe("a patch that fails", function () {
  this.timeout("8m");
  let instance: Instance;
  let stack: Stack;

  before(async () => {
    ({ instance, stack } = await broken("patch", ["1.8.2"], "1.8.3"));
  });

  after(async () => {
    await stack.remove();
    await instance.close();
  });

  it("is taken back by setting the version back", async () => {
    stack.configure({ version: "1.8.3" });
    const failed = await stack.up();
    assert.ok(!failed.ok);

    stack.configure({ version: "1.8.2" });
    const load = await startLoad({ url: instance.url });
    const up = await stack.up();
    const report = await load.stop();
    assert.ok(up.ok, up.text);
    assert.equal(report.failed, 0, JSON.stringify(report.examples));
    assert.deepEqual(await helmHistory(instance), ["1.8.2 superseded", "1.8.3 superseded", "1.8.2 deployed"]);
    const { highWaterMark, schemaOwner, verified } = await record(instance);
    assert.deepEqual([highWaterMark, schemaOwner, verified.version], ["1.8.3", "1.8.3", "1.8.2"]);
  });
});
