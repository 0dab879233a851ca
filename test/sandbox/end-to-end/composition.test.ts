import assert from "node:assert/strict";
import { sandboxEnv } from "../../../sandbox/env";
import { unmadeInstance, type UnmadeInstance } from "../../../sandbox/instance";
import { Stack } from "../../../sandbox/stack";
import { program } from "../compositions/project";
import { helmHistory } from "./helm";
import { inOrder } from "./rows";

/** A component with a cluster, a namespace, a database and a BSR in it; nothing of it is there before. */
describe("a program that makes what its BSR stands on", function () {
  this.timeout("5m");
  let instance: UnmadeInstance;
  let stack: Stack;

  before(async () => {
    instance = unmadeInstance("composed");
    const { namespace, database } = instance;
    const chart = sandboxEnv()["BSR_SANDBOX_CHART"];
    stack = await Stack.of(program("from-nothing"), "composed", {
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

  it("shows the whole installation in its first preview, while cluster and database are not known", async () => {
    const preview = await stack.preview();
    assert.ok(preview.ok, preview.text);
    for (const row of ["1-0-preflight", "bufd-postgres", "1-1-begin-1.1.0", "release", "1-1-verify-1.1.0"])
      assert.match(preview.text, new RegExp(`platform-bsr-${row} create`));
    assert.match(
      preview.text,
      /assumed: the cluster was not looked at: its kubeconfig or its database is not known before pulumi up/,
    );
  });

  it("makes them in order, and what waits for `ready` comes after the verification", async () => {
    const up = await stack.up();
    assert.ok(up.ok, up.text);
    inOrder(up.text, [
      "platform-cluster created",
      "platform-namespace created",
      "platform-bsr-ledger creating",
      "platform-bsr-1-1-verify-1.1.0 created",
      "platform-after creating",
      "served: 1.1.0",
    ]);
    assert.deepEqual(await helmHistory(instance), ["1.1.0 deployed"]);
    assert.ok((await instance.schemaVersion()) > 0);
  });
});
