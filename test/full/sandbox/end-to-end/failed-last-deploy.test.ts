import assert from "node:assert/strict";
import type { Instance } from "../../../../sandbox/instance";
import type { Stack } from "../../../../sandbox/stack";
import { broken } from "../../../sandbox/end-to-end/broken";
import { helmHistory, record } from "../../../sandbox/end-to-end/helm";
import type { Mirror } from "../../../sandbox/end-to-end/mirror";

describe("a last deploy that fails", function () {
  this.timeout("8m");
  let instance: Instance;
  let mirror: Mirror;
  let stack: Stack;

  before(async () => {
    ({ instance, mirror, stack } = await broken("resume", ["1.1.0", "1.2.0"], "1.3.1"));
  });

  after(async () => {
    await stack.remove();
    await instance.close();
  });

  it("leaves what Helm calls deployed unverified", async () => {
    stack.configure({ version: "1.3.1" });
    const up = await stack.up();
    assert.ok(!up.ok);
    assert.equal((await helmHistory(instance)).at(-1), "1.3.1 deployed");
    assert.equal((await record(instance)).verified.version, "1.2.0");
  });

  it("is deployed again by the next up, also after a refresh, though Pulumi believes it deployed", async () => {
    await mirror.publish("1.3.1");
    const up = await stack.up({ args: ["--refresh"] });
    assert.ok(up.ok, up.text);
    assert.deepEqual((await helmHistory(instance)).slice(-2), ["1.3.1 superseded", "1.3.1 deployed"]);
    assert.equal((await stack.outputs())["deployedVersion"], "1.3.1");
    const preview = await stack.preview({ args: ["--expect-no-changes"] });
    assert.ok(preview.ok, preview.text);
  });
});
