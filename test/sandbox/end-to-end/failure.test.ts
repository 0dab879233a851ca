import assert from "node:assert/strict";
import type { Instance } from "../../../sandbox/instance";
import { startLoad } from "../../../sandbox/load/load";
import type { Stack } from "../../../sandbox/stack";
import { broken } from "./broken";
import { helmHistory, record } from "./helm";
import type { Mirror } from "./mirror";

describe("a hop that fails", function () {
  this.timeout("8m");
  let instance: Instance;
  let mirror: Mirror;
  let stack: Stack;

  before(async () => {
    ({ instance, mirror, stack } = await broken("failing", ["1.1.0", "1.2.0", "1.3.0", "1.4.1"], "1.3.1"));
  });

  after(async () => {
    await stack.remove();
    await instance.close();
  });

  it("stops there with the reason, and the old pods serve every request", async () => {
    const load = await startLoad({ url: instance.url });
    stack.configure({ version: "1.4.1" });
    const up = await stack.up();
    const report = await load.stop();
    assert.ok(!up.ok);
    assert.equal(report.failed, 0, JSON.stringify(report.examples));
    assert.match(up.text, /1\.3\.1 was deployed but not verified: its pods cannot become ready/);
    assert.match(up.text, /bufd-\S+: (ImagePullBackOff|ErrImagePull)/);
    assert.match(up.text, /run pulumi up again/);
  });

  it("keeps the record true, and outputs that say what the last finished run verified", async () => {
    const { highWaterMark, schemaOwner, verified } = await record(instance);
    assert.deepEqual([highWaterMark, schemaOwner, verified.version], ["1.3.1", "1.3.1", "1.2.0"]);
    assert.equal((await stack.outputs())["deployedVersion"], "1.1.0");
  });

  it("plans only what is left", async () => {
    const preview = await stack.preview();
    assert.ok(preview.ok, preview.text);
    assert.match(preview.text, /bsr-3-1-deploy-1\.3\.1 create/);
    assert.match(preview.text, /bsr-3-2-begin-1\.4\.1 create/);
    assert.doesNotMatch(preview.text, /bsr-3-\d-\S+-1\.2\.0/);
  });

  it("plans another target from what runs", async () => {
    stack.configure({ version: "1.3.0" });
    const preview = await stack.preview();
    assert.ok(preview.ok, preview.text);
    assert.match(preview.text, /1\.2\.0 to 1\.3\.0 \(upgrade\)/);
    assert.match(preview.text, /1\. deploy 1\.3\.0/);
  });

  it("walks to the other target, and from there on once the cause is gone", async () => {
    const changed = await stack.up();
    assert.ok(changed.ok, changed.text);
    assert.deepEqual(await helmHistory(instance), [
      "1.1.0 superseded",
      "1.2.0 superseded",
      "1.3.1 superseded",
      "1.3.0 deployed",
    ]);
    assert.equal((await record(instance)).highWaterMark, "1.3.1");
    await mirror.publish("1.3.1");
    stack.configure({ version: "1.4.1" });
    const up = await stack.up();
    assert.ok(up.ok, up.text);
    assert.equal((await helmHistory(instance)).at(-1), "1.4.1 deployed");
    const preview = await stack.preview({ args: ["--expect-no-changes"] });
    assert.ok(preview.ok, preview.text);
  });
});
