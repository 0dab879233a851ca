import assert from "node:assert/strict";
import { exec } from "../../../../sandbox/exec";
import { sandboxEnv } from "../../../../sandbox/env";
import { unmadeInstance, type UnmadeInstance } from "../../../../sandbox/instance";
import { Stack } from "../../../../sandbox/stack";
import { program } from "../../../sandbox/compositions/project";
import { helmHistory } from "../../../sandbox/end-to-end/helm";
import { inOrder, rows } from "../../../sandbox/end-to-end/rows";

/** One program that makes cluster, namespace, database and BSR, through its life; each test goes on where the one before stopped. */
describe("a program that makes what its BSR stands on, through its life", function () {
  this.timeout("15m");
  let instance: UnmadeInstance;
  let stack: Stack;

  before(async () => {
    instance = unmadeInstance("from-nothing");
    const { namespace, database } = instance;
    const chart = sandboxEnv()["BSR_SANDBOX_CHART"];
    stack = await Stack.of(program("from-nothing"), "from-nothing", {
      version: "1.1.0",
      chart,
      namespace,
      database,
    });
    await stack.configureSecret("password", instance.password);
  });

  after(async () => {
    await stack.remove();
    await instance.close();
  });

  it("installs, and then has nothing to do", async () => {
    const up = await stack.up();
    assert.ok(up.ok, up.text);
    const preview = await stack.preview({ args: ["--expect-no-changes"] });
    assert.ok(preview.ok, preview.text);
  });

  it("shows the steps of a bump, and replaces nothing, though the kubeconfig is not known in that preview", async () => {
    stack.configure({ version: "1.2.0", size: "large" });
    const preview = await stack.preview();
    assert.ok(preview.ok, preview.text);
    assert.match(preview.text, /assumed: the cluster was not looked at/);
    assert.deepEqual(rows(preview.text, /replace/), []);
    assert.deepEqual(rows(preview.text, / delete\b/), [
      "platform-bsr-1-0-preflight",
      "platform-bsr-1-1-begin-1.1.0",
      "platform-bsr-1-1-verify-1.1.0",
    ]);
    assert.deepEqual(rows(preview.text, / create\b/), [
      "platform-bsr-2-0-preflight",
      "platform-bsr-2-1-begin-1.2.0",
      "platform-bsr-2-1-verify-1.2.0",
    ]);
  });

  it("walks the bump after the cluster has told, and what waits for `ready` follows", async () => {
    const up = await stack.up();
    assert.ok(up.ok, up.text);
    inOrder(up.text, [
      "platform-cluster updated",
      "platform-bsr-ledger updating",
      "platform-bsr-2-1-verify-1.2.0 created",
      "served: 1.2.0",
    ]);
    assert.deepEqual(await helmHistory(instance), ["1.1.0 superseded", "1.2.0 deployed"]);
  });

  it("shows nothing but the cluster where only its kubeconfig is not known", async () => {
    stack.configure({ size: "larger" });
    const preview = await stack.preview();
    assert.ok(preview.ok, preview.text);
    assert.deepEqual(rows(preview.text, /replace| delete\b| create\b/), []);
    const up = await stack.up();
    assert.ok(up.ok, up.text);
    assert.deepEqual(await helmHistory(instance), ["1.1.0 superseded", "1.2.0 deployed"]);
  });

  it("takes all away in the opposite order", async () => {
    const destroyed = await stack.destroy();
    assert.ok(destroyed.ok, destroyed.text);
    inOrder(destroyed.text, [
      "platform-bsr-release deleted",
      "platform-bsr-bufd-postgres deleted",
      "platform-namespace deleting",
    ]);
    inOrder(destroyed.text, ["platform-bsr-release deleted", "platform-database deleting"]);
    const { env, namespace } = instance;
    const left = await exec("kubectl", ["get", "namespace", namespace, "--ignore-not-found", "-o", "name"], {
      env,
    });
    assert.equal(left, "");
  });
});
