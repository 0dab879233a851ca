import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { createInstance, type Instance } from "../../../../sandbox/instance";
import { Stack } from "../../../../sandbox/stack";
import { ByHand } from "../../../sandbox/end-to-end/by-hand";
import { helmHistory } from "../../../sandbox/end-to-end/helm";
import { signal } from "../../../sandbox/end-to-end/kills/processes";

describe("a lock that Helm has left", function () {
  this.timeout("10m");
  let instance: Instance;
  let stack: Stack;

  const bsr = (...args: string[]) =>
    spawnSync(
      process.execPath,
      [
        "-r",
        "ts-node/register/transpile-only",
        join("cli", "main.ts"),
        ...args,
        "--namespace",
        instance.namespace,
      ],
      { env: { ...process.env, ...instance.env }, encoding: "utf8" },
    );

  before(async () => {
    instance = await createInstance("lock");
    stack = await Stack.create("lock", instance, { version: "1.2.0" });
    const installed = await stack.up();
    assert.ok(installed.ok, installed.text);
  });

  after(async () => {
    await stack.remove();
    await instance.close();
  });

  it("of a hop whose helm was killed is ended by the next run, which goes on", async () => {
    stack.configure({ version: "1.4.1" });
    let isKilled = false;
    const killed = await stack.up({
      onLine: (line) => {
        if (isKilled || !line.includes("helm upgrade to")) return;
        isKilled = true;
        void killOncePending();
      },
    });
    assert.ok(!killed.ok);
    assert.deepEqual(await helmHistory(instance), ["1.2.0 deployed", "1.3.1 pending-upgrade"]);
    const refused = bsr("unlock", "--revision", "1");
    assert.equal(refused.status, 3, refused.stderr);
    assert.match(refused.stdout, /Helm has revision 2 \(1\.3\.1\) as pending-upgrade/);

    const up = await stack.up();
    assert.ok(up.ok, up.text);
    assert.match(up.text, /revision 2 was left pending by a run that died; it counts as failed now/);
    assert.deepEqual(await helmHistory(instance), [
      "1.2.0 superseded",
      "1.3.1 failed",
      "1.3.1 superseded",
      "1.4.1 deployed",
    ]);
  });

  it("of somebody else is not touched, and the command is named that ends it", async () => {
    await new ByHand(instance).leavePending("1.4.1");
    stack.configure({ version: "1.5.1" });
    const up = await stack.up();
    assert.ok(!up.ok);
    const command = /npx --no bsr (unlock --revision 5) --namespace \S+ --release bsr/.exec(up.text)?.[1];
    assert.ok(command !== undefined, up.text);
    const unlocked = bsr(...command.split(" "));
    assert.equal(unlocked.status, 0, unlocked.stdout + unlocked.stderr);

    const again = await stack.up();
    assert.ok(again.ok, again.text);
    assert.deepEqual((await helmHistory(instance)).slice(3), [
      "1.4.1 superseded",
      "1.4.1 failed",
      "1.5.1 deployed",
    ]);
  });

  async function killOncePending(): Promise<void> {
    while (!(await helmHistory(instance)).at(-1)?.includes("pending")) await sleep(50);
    assert.ok(signal(stack, "helm", "SIGKILL"), "helm had ended already");
  }
});
