import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { connect } from "../../../../components/migrations/cluster/connection";
import { readHelmHistory } from "../../../../components/migrations/cluster/helm/history";
import { readRevision, writeStatus } from "../../../../components/migrations/cluster/helm/storage";
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

  it("of a Release that changed only values is nobody's that is known, and the command is named that ends it", async () => {
    stack.configure({ maxBodySizeBytes: 1234567 });
    const [killed] = await Promise.all([stack.up(), killOncePending()]);
    assert.ok(!killed.ok, killed.text);
    const up = await stack.up();
    assert.ok(!up.ok);
    assert.match(
      up.text,
      /has been pending-upgrade since \S+, by hand, or by a pulumi up that changed values/,
    );
    const command = /npx --no bsr (unlock --revision \d+) --namespace \S+ --release bsr/.exec(up.text)?.[1];
    assert.ok(command !== undefined, up.text);
    const unlocked = bsr(...command.split(" "));
    assert.equal(unlocked.status, 0, unlocked.stdout + unlocked.stderr);

    const again = await stack.up();
    assert.ok(again.ok, again.text);
    assert.deepEqual((await helmHistory(instance)).slice(-2), ["1.5.1 failed", "1.5.1 deployed"]);
  });

  it("of an uninstall that broke off is none: what is printed finishes it, and installs again", async () => {
    await leaveUninstalling();
    stack.configure({ version: "1.6.0" });
    const up = await stack.up();
    assert.ok(!up.ok);
    assert.match(up.text, /release bsr is being uninstalled, or its uninstall broke off: .*\(1\.5\.1\)/);
    const status = bsr("status");
    assert.match(status.stdout, /^ {2}uninstalling: Helm has revision \d+ \(1\.5\.1\) as uninstalling/m);
    const revision = /revision (\d+) \(1\.5\.1\) as uninstalling/.exec(status.stdout)?.[1] ?? "";
    const refused = bsr("unlock", "--revision", revision);
    assert.equal(refused.status, 3, refused.stderr);
    const command = /finish it: (helm uninstall bsr -n \S+), then pulumi up --refresh/.exec(
      refused.stdout,
    )?.[1];
    assert.ok(command !== undefined, refused.stdout);
    await new ByHand(instance).run(command);

    // The installation begins at the schema owner.
    stack.configure({ version: "1.5.1" });
    const again = await stack.up({ args: ["--refresh"] });
    assert.ok(again.ok, again.text);
    assert.deepEqual(await helmHistory(instance), ["1.5.1 deployed"]);
  });

  /** Leaves the release as a helm uninstall does that dies in the middle. */
  async function leaveUninstalling(): Promise<void> {
    const place = { namespace: instance.namespace, release: "bsr" };
    const config = connect({ kubeconfig: instance.env["KUBECONFIG"] });
    const revision = (await readHelmHistory(config, place.namespace, place.release)).at(-1)?.revision ?? 0;
    const stored = await readRevision(config, { ...place, revision });
    assert.ok(stored !== undefined);
    await writeStatus(config, stored, "uninstalling", "Deletion in progress (or silently failed)");
  }

  async function killOncePending(): Promise<void> {
    while (!(await helmHistory(instance)).at(-1)?.includes("pending")) await sleep(50);
    assert.ok(signal(stack, "helm", "SIGKILL"), "helm had ended already");
  }
});
