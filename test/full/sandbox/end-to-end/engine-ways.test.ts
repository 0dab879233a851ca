import assert from "node:assert/strict";
import { sandboxEnv } from "../../../../sandbox/env";
import { exec, tryExec } from "../../../../sandbox/exec";
import { createInstance, type Instance } from "../../../../sandbox/instance";
import { checkout } from "../../../../sandbox/paths";
import { Stack, type Run } from "../../../../sandbox/stack";
import { ByHand } from "../../../sandbox/end-to-end/by-hand";
import { helmHistory, record } from "../../../sandbox/end-to-end/helm";
import { Mirror } from "../../../sandbox/end-to-end/mirror";

/** What else the engine can be told to do with a stack: each is safe, or refused. Each test goes on where the one before stopped. */
describe("the engine's other ways", function () {
  this.timeout("10m");
  let instance: Instance;
  let mirror: Mirror;
  let byHand: ByHand;
  let stack: Stack;

  before(async () => {
    instance = await createInstance("ways");
    mirror = new Mirror(instance);
    byHand = new ByHand(instance);
    for (const version of ["1.1.0", "1.2.0", "1.3.1", "1.4.1", "1.5.1"]) await mirror.publish(version);
    stack = await Stack.create("ways", instance, { version: "1.1.0", chart: mirror.chart });
    const installed = await stack.up();
    assert.ok(installed.ok, installed.text);
  });

  after(async () => {
    await stack.remove();
    await instance.close();
  });

  /** A resource of the stack as its state has it, by the end of its URN. */
  async function resource(end: RegExp): Promise<{ urn: string; inputs: Record<string, unknown> }> {
    const { deployment } = JSON.parse(await stack.state()) as {
      deployment: { resources: { urn: string; inputs: Record<string, unknown> }[] };
    };
    const found = deployment.resources.find((one) => end.test(one.urn));
    assert.ok(found, `no resource ends with ${end}`);
    return found;
  }

  const urn = async (end: RegExp) => (await resource(end)).urn;

  /** The target that the ledger has in the stack's state. */
  const plannedTarget = async () => (await resource(/::bsr-ledger$/)).inputs["target"];

  async function pulumi(...args: readonly string[]): Promise<void> {
    await exec("pulumi", [...args, "--stack", stack.name, "--yes"], { env: sandboxEnv(), cwd: checkout });
  }

  function isDone(run: Run): void {
    assert.ok(run.ok, run.text);
  }

  async function assertAtRest(): Promise<void> {
    isDone(await stack.preview({ args: ["--expect-no-changes"] }));
  }

  /** A preview that is refused, because the stack's instance would be another one. */
  async function assertMoved(
    what: "database" | "namespace",
    installed: string,
    asked: string,
  ): Promise<void> {
    const { ok, text } = await stack.preview();
    assert.ok(!ok, text);
    assert.match(text, /has a problem: moved\n/);
    const found = `The stack's instance has the ${what} ${installed}, and ${asked} is asked for.`;
    assert.ok(text.includes(found), text);
    const keys =
      what === "database"
        ? "postgres.host (or cloudSqlInstance), postgres.port and postgres.database"
        : "namespace";
    const remedy = `Set ${keys} back to ${installed}, or install another instance in a stack of its own.`;
    assert.ok(text.includes(remedy), text);
  }

  it("--save-plan: an up by the plan that was saved does what the preview showed", async () => {
    stack.configure({ version: "1.2.0" });
    const file = `/tmp/${stack.name}.json`;
    isDone(await stack.preview({ args: ["--save-plan", file] }));
    isDone(await stack.up({ args: ["--plan", file] }));
    assert.equal((await helmHistory(instance)).at(-1), "1.2.0 deployed");
    await assertAtRest();
  });

  it("--target of the ledger is refused by the engine and touches nothing that runs, and the next up walks", async () => {
    stack.configure({ version: "1.3.1" });
    const target = ["--target", await urn(/::bsr-ledger$/)];
    // The new plan lets go of the steps of the one before, and those are not targets.
    const isRefused = /::bsr-2-\d-\S+' will be destroyed but was not specified in --target list/;
    const before = { history: await helmHistory(instance), record: await record(instance) };
    const pods = await byHand.pods();
    const preview = await stack.preview({ args: target });
    assert.ok(!preview.ok, preview.text);
    assert.match(preview.text, isRefused);
    // Without a preview, the ledger has the new plan before the engine refuses.
    const up = await stack.up({ args: target });
    assert.ok(!up.ok, up.text);
    assert.match(up.text, isRefused);
    assert.equal(await plannedTarget(), "1.3.1");
    assert.deepEqual({ history: await helmHistory(instance), record: await record(instance) }, before);
    assert.deepEqual(await byHand.pods(), pods);
    assert.notEqual((await stack.outputs())["deployedVersion"], "1.3.1");

    isDone(await stack.up());
    assert.equal((await helmHistory(instance)).at(-1), "1.3.1 deployed");
    assert.equal((await record(instance)).verified.version, "1.3.1");
    assert.equal((await stack.outputs())["deployedVersion"], "1.3.1");
    await assertAtRest();
  });

  it("--replace of the ledger, and a tainted one, are refused with the way back", async () => {
    const before = await helmHistory(instance);
    const replaced = await stack.up({ args: ["--replace", await urn(/::bsr-ledger$/)] });
    assert.ok(!replaced.ok, replaced.text);
    assert.match(replaced.text, /release-not-owned[^]*if --replace names it, leave that out/);
    await pulumi("state", "taint", await urn(/::bsr-ledger$/));
    const tainted = await stack.up();
    assert.ok(!tainted.ok, tainted.text);
    assert.match(tainted.text, /release-not-owned[^]*run pulumi state untaint/);
    await pulumi("state", "untaint", await urn(/::bsr-ledger$/));
    await assertAtRest();
    assert.deepEqual(await helmHistory(instance), before);
  });

  it("--replace of the Release is refused by Helm, and nothing is uninstalled", async () => {
    const pods = await byHand.pods();
    const replaced = await stack.up({ args: ["--replace", await urn(/::bsr-release$/)] });
    assert.ok(!replaced.ok, replaced.text);
    assert.match(replaced.text, /cannot re-use a name that is still in use/);
    assert.deepEqual(await byHand.pods(), pods);
    isDone(await stack.up());
    await assertAtRest();
  });

  it("another database name is refused, and the one to set back is named", async () => {
    const { postgres } = instance.values;
    const server = `${postgres.host}:${postgres.port}`;
    stack.configure({ values: { postgres: { ...postgres, database: "another" } } });
    await assertMoved("database", `${server}/${postgres.database}`, `${server}/another`);
    stack.configure({ values: { postgres } });
    await assertAtRest();
  });

  it("another namespace is refused, and the one to set back is named", async () => {
    const { namespace } = instance;
    stack.configure({ namespace: `${namespace}-two` });
    await assertMoved("namespace", namespace, `${namespace}-two`);
    stack.configure({ namespace });
    await assertAtRest();
  });

  it("state delete of a step: it has nothing to do, and what was deleted with it is taken over", async () => {
    stack.configure({ version: "1.5.1" });
    isDone(await stack.up());
    const before = await helmHistory(instance);
    // What depends on it goes with it, the Release too.
    await pulumi("state", "delete", "--force", "--target-dependents", await urn(/-deploy-1\.4\.1$/));
    const up = await stack.up();
    assert.ok(!up.ok, up.text);
    assert.match(up.text, /cannot re-use a name that is still in use/);
    assert.deepEqual(await helmHistory(instance), before);
    stack.configure({ adopt: before.length });
    isDone(await stack.up());
    assert.equal((await helmHistory(instance)).at(-1), "1.5.1 deployed");
    await assertAtRest();
  });

  it("a stack that is renamed stays at rest after one up", async () => {
    const name = `${stack.name}-renamed`;
    await exec("pulumi", ["stack", "rename", name, "--stack", stack.name], {
      env: sandboxEnv(),
      cwd: checkout,
    });
    const renamed = Stack.named(name);
    const pods = await byHand.pods();
    stack = renamed;
    isDone(await stack.up());
    assert.deepEqual(await byHand.pods(), pods);
    await assertAtRest();
  });

  it("--continue-on-error deletes nothing and deploys nothing behind a failed hop", async () => {
    await mirror.publish("1.6.0", { omitImages: ["bufd"] });
    await mirror.publish("1.7.0");
    stack.configure({ version: "1.7.0" });
    const up = await stack.up({ args: ["--continue-on-error"] });
    assert.ok(!up.ok, up.text);
    assert.equal((await helmHistory(instance)).at(-1), "1.6.0 deployed");
    await mirror.publish("1.6.0");
    isDone(await stack.up());
    assert.equal((await helmHistory(instance)).at(-1), "1.7.0 deployed");
  });

  it("pulumi import of the Release makes another of it, which Pulumi protects until its record is deleted", async () => {
    const pods = await byHand.pods();
    const release = ["kubernetes:helm.sh/v3:Release", "again", `${instance.namespace}/bsr`];
    const options = ["--stack", stack.name, "--yes"];
    await tryExec("pulumi", ["import", ...release, ...options], { env: sandboxEnv(), cwd: checkout });
    const up = await stack.up();
    assert.ok(!up.ok, up.text);
    assert.match(up.text, /::again" cannot be deleted\s+because it is protected/);
    assert.deepEqual(await byHand.pods(), pods);
    await pulumi("state", "delete", "--force", await urn(/::again$/));
    isDone(await stack.up());
    assert.deepEqual(await byHand.pods(), pods);
  });
});
