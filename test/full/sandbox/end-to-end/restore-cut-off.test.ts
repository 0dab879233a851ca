import assert from "node:assert/strict";
import { exec } from "../../../../sandbox/exec";
import { createInstance, type Instance } from "../../../../sandbox/instance";
import { Stack } from "../../../../sandbox/stack";
import { record } from "../../../sandbox/end-to-end/helm";
import { killStep, leaseRunsOut } from "../../../sandbox/end-to-end/kills/processes";

describe("a restore that is cut off and no longer wanted", function () {
  this.timeout("8m");
  let instance: Instance;
  let stack: Stack;

  const rows = async () =>
    (await instance.query<{ name: string }>("SELECT name FROM modules ORDER BY id")).map(({ name }) => name);
  const replicas = () => {
    const args = ["-n", instance.namespace, "get", "deployment", "bufd", "-o", "jsonpath={.spec.replicas}"];
    return exec("kubectl", args, { env: instance.env });
  };

  before(async () => {
    instance = await createInstance("cutoff");
    await instance.makeClaim("bsr-snapshots");
    await instance.allowCreateDatabase();
    stack = await Stack.create("cutoff", instance, {
      version: "1.2.0",
      snapshot: { pgDump: { image: instance.env["BSR_SANDBOX_POSTGRES_IMAGE"] } },
    });
    const installed = await stack.up();
    assert.ok(installed.ok, installed.text);
    await instance.query("INSERT INTO modules (name, content) VALUES ('before', 'x')");
    stack.configure({ version: "1.3.1" });
    const bumped = await stack.up();
    assert.ok(bumped.ok, bumped.text);
    await instance.query("INSERT INTO modules (name, content) VALUES ('since', 'y')");
  });

  after(async () => {
    await stack.remove();
    await instance.close();
  });

  it("leaves the pods stopped", async () => {
    const [taken] = ((await record(instance)) as unknown as { snapshots: { id: string }[] }).snapshots;
    stack.configure({ version: "1.2.0", restore: taken?.id });
    let isKilled = false;
    const cut = await stack.up({
      onLine: (line) => {
        // The engine prints it again when all is over.
        if (isKilled || !line.includes("pods left:")) return;
        isKilled = killStep(stack, "restore the snapshot");
      },
    });
    assert.ok(isKilled && !cut.ok, cut.text);
    assert.equal(await replicas(), "0");
  });

  it("is told in preview, as nobody is served", async () => {
    stack.configure({ version: "1.3.1", restore: undefined });
    const preview = await stack.preview();
    assert.match(preview.text, /downtime: now, as a restore has stopped the pods, until step/);
  });

  it("lets the pods run again with the next up, on the database that they had", async () => {
    await leaseRunsOut(instance);
    const up = await stack.up();
    assert.ok(up.ok, up.text);
    await instance.answers();
    assert.deepEqual(await rows(), ["before", "since"]);
    const again = await stack.preview({ args: ["--expect-no-changes"] });
    assert.ok(again.ok, again.text);
  });
});
