import assert from "node:assert/strict";
import { exec } from "../../../../sandbox/exec";
import type { Instance } from "../../../../sandbox/instance";
import type { Stack } from "../../../../sandbox/stack";
import { broken } from "../../../sandbox/end-to-end/broken";
import { helmHistory } from "../../../sandbox/end-to-end/helm";
import type { Mirror } from "../../../sandbox/end-to-end/mirror";

describe("a rollback by hand between two runs", function () {
  this.timeout("8m");
  let instance: Instance;
  let mirror: Mirror;
  let stack: Stack;

  before(async () => {
    ({ instance, mirror, stack } = await broken("byhand", ["1.1.0", "1.2.0"], "1.3.1"));
    stack.configure({ version: "1.3.1" });
    const failed = await stack.up();
    assert.ok(!failed.ok);
  });

  after(async () => {
    await stack.remove();
    await instance.close();
  });

  const rollback = (revision: number) =>
    exec("helm", ["rollback", "bsr", String(revision), "-n", instance.namespace], { env: instance.env });

  it("to a version that is no longer the verified one is refused with the choices, and jumps over nothing", async () => {
    await rollback(1);
    const preview = await stack.preview();
    assert.ok(!preview.ok);
    assert.match(preview.text, /drift\s+found: +1\.1\.0 at Helm revision 4/);
    assert.match(preview.text, /helm rollback bsr 2 -n/);
    const up = await stack.up();
    assert.ok(!up.ok);
    assert.equal((await helmHistory(instance)).length, 4);
  });

  it("to the verified version is planned from there", async () => {
    await rollback(2);
    const preview = await stack.preview();
    assert.ok(preview.ok, preview.text);
    assert.match(preview.text, /1\.2\.0 to 1\.3\.1 \(upgrade\)/);

    await mirror.publish("1.3.1");
    const up = await stack.up();
    assert.ok(up.ok, up.text);
    assert.deepEqual((await helmHistory(instance)).slice(-2), ["1.2.0 superseded", "1.3.1 deployed"]);
  });
});
