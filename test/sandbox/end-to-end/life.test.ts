import assert from "node:assert/strict";
import { exec } from "../../../sandbox/exec";
import { createInstance, type Instance } from "../../../sandbox/instance";
import { fromSource, Stack } from "../../../sandbox/stack";
import { ByHand } from "./by-hand";
import { helmHistory, record } from "./helm";

/** One stack from its install to its end; each test goes on where the one before stopped. */
describe("the life of a stack", function () {
  this.timeout("5m");
  let instance: Instance;
  let stack: Stack;

  before(async () => {
    instance = await createInstance("life");
    stack = await Stack.create("life", instance, { version: "1.3.0" }, fromSource);
  });

  after(async () => {
    await stack.remove();
    await instance.close();
  });

  it("installs a first version, and its outputs say what was verified", async () => {
    const up = await stack.up();
    assert.ok(up.ok, up.text);
    const { deployedVersion, schemaOwner, highWaterMark, ready, url, plan } = await stack.outputs();
    assert.deepEqual(
      { deployedVersion, schemaOwner, highWaterMark, ready, url },
      {
        deployedVersion: "1.3.0",
        schemaOwner: "1.3.0",
        highWaterMark: "1.3.0",
        ready: true,
        url: "https://bsr.example.com",
      },
    );
    assert.match((plan as string[])[0] ?? "", /^nothing deployed to 1\.3\.0 \(install\), plan [0-9a-f]{16}$/);
    assert.equal(await instance.schemaVersion(), 241);
  });

  it("has an empty second preview", async () => {
    const preview = await stack.preview({ args: ["--expect-no-changes"] });
    assert.ok(preview.ok, preview.text);
  });

  it("refuses in preview what cannot be done, and touches nothing", async () => {
    const before = await stack.state();
    for (const [version, reason] of [
      ["9.9.9", /unknown-release\s+found: +.*9\.9\.9/],
      ["v1.4.0", /invalid-version\s+found: +.*v1\.4\.0/],
      ["1.1.0", /below-high-water-mark\s+found: +.*1\.3\.0/],
    ] as const) {
      stack.configure({ version });
      const preview = await stack.preview();
      assert.ok(!preview.ok, `${version} was not refused`);
      assert.match(preview.text, reason);
    }
    assert.equal(await stack.state(), before);
    assert.deepEqual(await helmHistory(instance), ["1.3.0 deployed"]);
  });

  it("deploys a patch", async () => {
    stack.configure({ version: "1.3.1" });
    const up = await stack.up();
    assert.ok(up.ok, up.text);
    assert.deepEqual(await helmHistory(instance), ["1.3.0 superseded", "1.3.1 deployed"]);
  });

  it("deploys the next minor", async () => {
    stack.configure({ version: "1.4.0" });
    const up = await stack.up();
    assert.ok(up.ok, up.text);
    assert.equal(await instance.schemaVersion(), 246);
    assert.equal((await stack.outputs())["deployedVersion"], "1.4.0");
  });

  it("verifies again when only values change, and then has nothing to do", async () => {
    stack.configure({ values: { postgres: instance.values.postgres, maxBodySizeBytes: 1048576 } });
    const up = await stack.up();
    assert.ok(up.ok, up.text);
    assert.match(up.text, /1\.4\.0: verified/);
    assert.equal((await record(instance)).verified.revision, 4);
    const preview = await stack.preview({ args: ["--expect-no-changes"] });
    assert.ok(preview.ok, preview.text);
  });

  it("tells in preview what was changed by hand, and deploys what is configured", async () => {
    await new ByHand(instance).upgrade("1.4.0", "maxBodySizeBytes=7654321");
    const preview = await stack.preview();
    assert.ok(preview.ok, preview.text);
    assert.match(
      preview.text,
      /changed-by-hand: No transition deployed 1\.4\.0 at .*verified: maxBodySizeBytes\./,
    );
    const up = await stack.up();
    assert.ok(up.ok, up.text);
    assert.equal((await record(instance)).verified.revision, 6);
  });

  it("does not jump when only the Release is targeted", async () => {
    stack.configure({ version: "1.6.0" });
    const urn = /urn:pulumi:[^"]+helm\.sh\/v3:Release::bsr-release/.exec(await stack.state())?.[0] ?? "";
    const up = await stack.up({ args: ["--target", urn] });
    assert.ok(up.ok, up.text);
    assert.equal((await helmHistory(instance)).at(-1), "1.4.0 deployed");
    stack.configure({ version: "1.4.0" });
  });

  it("keeps the record when the stack is destroyed, and installs again only what the database knows", async () => {
    const destroyed = await stack.destroy();
    assert.ok(destroyed.ok, destroyed.text);
    assert.equal((await record(instance)).highWaterMark, "1.4.0");
    await exec("kubectl", ["get", "namespace", instance.namespace], { env: instance.env });

    stack.configure({ version: "1.6.0" });
    const refused = await stack.preview();
    assert.ok(!refused.ok);
    assert.match(refused.text, /reinstall-owner-first\s+found: +.*belongs to 1\.4\.0/);

    stack.configure({ version: "1.4.1" });
    const up = await stack.up();
    assert.ok(up.ok, up.text);
    assert.equal((await record(instance)).verified.version, "1.4.1");
  });
});
