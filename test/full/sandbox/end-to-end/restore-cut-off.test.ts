import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import type { Status } from "../../../../cli/status/status";
import { exec } from "../../../../sandbox/exec";
import { createInstance, type Instance } from "../../../../sandbox/instance";
import { Stack } from "../../../../sandbox/stack";
import { run } from "../../../cli/run";
import { helmHistory, record } from "../../../sandbox/end-to-end/helm";
import { killStep, leaseRunsOut } from "../../../sandbox/end-to-end/kills/processes";
import { SwitchOver } from "../../../sandbox/end-to-end/switch-over";

describe("a restore that is cut off and no longer wanted", function () {
  this.timeout("8m");
  let instance: Instance;
  let stack: Stack;
  let switchOver: SwitchOver;
  let id: string | undefined;

  const rows = async () =>
    (await instance.query<{ name: string }>("SELECT name FROM modules ORDER BY id")).map(({ name }) => name);
  const status = async (): Promise<Status> => {
    const args = ["--kubeconfig", instance.env["KUBECONFIG"] ?? "", "--namespace", instance.namespace];
    return JSON.parse((await run(["status", ...args, "--json"])).stdout) as Status;
  };
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
    switchOver = new SwitchOver(instance, stack);
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
    id = taken?.id;
    stack.configure({ version: "1.2.0", restore: id });
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

  it("is what bsr status says first, with since when nobody is served", async () => {
    await leaseRunsOut(instance);
    const { attention } = await status();
    assert.equal(attention[0]?.code, "restore-cut-off");
    assert.match(attention[0]?.found ?? "", /the pods of .*\bbufd\b.* are stopped, so nobody is served$/);
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

  it("whose Job has switched over by itself stops the next up, which deploys nothing and tells both ways on", async () => {
    stack.configure({ version: "1.2.0", restore: id });
    await switchOver.isKilledBefore();
    while ((await switchOver.kept()).length === 0) await sleep(200);
    await leaseRunsOut(instance);
    stack.configure({ version: "1.3.1", restore: undefined });
    const before = await helmHistory(instance);
    const up = await stack.up();
    assert.ok(!up.ok);
    const [kept = ""] = await switchOver.kept();
    assert.match(up.text, new RegExp(`was cut off, but had switched over: .* is kept as database ${kept}`));
    assert.match(up.text, /set version to 1\.2\.0 .* set restoredTo to its/s);
    assert.deepEqual(await helmHistory(instance), before);
    assert.equal(await replicas(), "0");
    const { restores, schemaOwner } = await record(instance);
    assert.deepEqual([restores.map((one) => one.kept), schemaOwner], [[`database ${kept}`], "1.2.0"]);
    assert.deepEqual(await rows(), ["before"]);
  });

  it("does not jump with the next up either", async () => {
    const preview = await stack.preview();
    assert.ok(!preview.ok);
    assert.match(preview.text, /reinstall-owner-first/);
  });

  it("goes back to the database of before, as is printed: no row is lost", async () => {
    const [kept = ""] = await switchOver.kept();
    const { database } = instance;
    for (const [from, to] of [
      [database, `${database}_restored`],
      [kept, database],
    ])
      await exec("psql", ["-d", "postgres", "-Xqc", `ALTER DATABASE "${from}" RENAME TO "${to}"`], {
        env: instance.env,
      });
    stack.configure({ version: "1.3.1", restoredTo: "1.3.1,241" });
    const up = await stack.up();
    assert.ok(up.ok, up.text);
    await instance.answers();
    assert.deepEqual(await rows(), ["before", "since"]);
    assert.equal((await status()).state, "healthy");
  });
});
