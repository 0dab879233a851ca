import assert from "node:assert/strict";
import { createInstance, type Instance } from "../../../../sandbox/instance";
import { Stack } from "../../../../sandbox/stack";
import { helmHistory, helmValues, record } from "../../../sandbox/end-to-end/helm";
import { ByHand } from "../../../sandbox/end-to-end/by-hand";

/** One instance to which things are done by hand; each test goes on where the one before stopped. */
describe("what is changed by hand", function () {
  this.timeout("10m");
  let instance: Instance;
  let stack: Stack;
  let byHand: ByHand;

  before(async () => {
    instance = await createInstance("drift");
    byHand = new ByHand(instance);
    stack = await Stack.create("drift", instance, { version: "1.4.0" });
    await up();
  });

  after(async () => {
    await stack.remove();
    await instance.close();
  });

  async function up(...args: string[]): Promise<string> {
    const { ok, text } = await stack.up({ args });
    assert.ok(ok, text);
    return text;
  }

  /** A preview that shows a plan. */
  async function shown(...args: string[]): Promise<string> {
    const { ok, text } = await stack.preview({ args });
    assert.ok(ok, text);
    return text;
  }

  async function refused(): Promise<string> {
    const { ok, text } = await stack.preview();
    assert.ok(!ok, text);
    return text;
  }

  /** The versions that the record has: verified, schema owner and high-water mark. */
  async function recorded(): Promise<string[]> {
    const { verified, schemaOwner, highWaterMark } = await record(instance);
    return [verified.version, schemaOwner, highWaterMark];
  }

  const live = async () => (await helmHistory(instance)).at(-1);
  const isQuiet = () => shown("--expect-no-changes");

  it("values: the keys are named, and the next up has the configured ones again", async () => {
    await byHand.upgrade("1.4.0", "maxBodySizeBytes=7654321");
    const text = await shown();
    assert.match(text, /changed-by-hand: No transition deployed 1\.4\.0 at Helm revision 2 \(deployed at 20/);
    assert.match(text, /differ from those that were verified: maxBodySizeBytes\./);
    assert.ok(!text.includes("7654321"), text);
    await up();
    const values = (await helmValues(instance))["1.4.0"] as Record<string, unknown>;
    assert.equal(values["maxBodySizeBytes"], undefined);
    await isQuiet();
  });

  it("maintenance: the preview says that nobody is served, and the next up ends it", async () => {
    await byHand.upgrade("1.4.0", "maintenance=true");
    const text = await shown();
    assert.match(text, /changed-by-hand: .*It turned maintenance on\./);
    assert.match(text, /downtime: now, as maintenance is on, until step 1 \(1\.4\.0\) is verified/);
    await up();
    await isQuiet();
  });

  it("an image: no revision of Helm tells it, and it is put back; its release counts as deployed", async () => {
    const before = await byHand.image();
    await byHand.kubectl("set", "image", "deployment/bufd", `bufd=${before.replace("1.4.0", "1.4.1")}`);
    const text = await shown("--refresh");
    assert.match(
      text,
      /edited-by-hand: Deployment\/bufd\/bufd has the image \S+:1\.4\.1, and \S+:1\.4\.0 was/,
    );
    await up();
    assert.equal(await byHand.image(), before);
    assert.deepEqual(await recorded(), ["1.4.0", "1.4.1", "1.4.1"]);
    await isQuiet();
  });

  it("a workload that was deleted is made again", async () => {
    await byHand.kubectl("delete", "deployment", "bufd");
    assert.match(await shown(), /edited-by-hand: Deployment\/bufd\/bufd, which ran \S+:1\.4\.0, is gone/);
    await up();
    assert.match(await byHand.image(), /:1\.4\.0$/);
    await isQuiet();
  });

  it("an upgrade to a patch is refused with the choices, and taken over when the version says so", async () => {
    await byHand.upgrade("1.4.1");
    stack.configure({ version: "1.5.1" });
    const text = await refused();
    assert.match(
      text,
      /drift\s+found: +1\.4\.1 at Helm revision \d+ \(deployed at 20\S+: Upgrade complete\) is live/,
    );
    assert.match(text, /Take over what runs: version: 1\.4\.1, then pulumi up/);
    assert.match(text, /Or go back: helm rollback bsr \d+ -n \S+, then version: 1\.4\.0/);
    const before = await helmHistory(instance);
    assert.ok(!(await stack.up()).ok);
    assert.deepEqual(await helmHistory(instance), before);

    stack.configure({ version: "1.4.1" });
    assert.match(await shown(), /taken-over: No transition deployed 1\.4\.1/);
    await up();
    assert.deepEqual(await recorded(), ["1.4.1", "1.4.1", "1.4.1"]);
    await isQuiet();
  });

  it("an upgrade to the next minor can be gone back from: the database is migrated down, the mark stays", async () => {
    await byHand.upgrade("1.5.1");
    await byHand.kubectl("rollout", "status", "deployment/bufd", "--timeout=2m");
    assert.equal(await instance.schemaVersion(), 247);
    const text = await refused();
    const rollback = /Or go back: (helm rollback bsr \d+ -n \S+), then version: 1\.4\.1/.exec(text)?.[1];
    assert.ok(rollback !== undefined, text);
    await byHand.run(rollback);
    assert.match(
      await shown(),
      /changed-by-hand: No transition deployed 1\.5\.1 at .*migrate the database down to 246/s,
    );
    await up();
    assert.equal(await instance.schemaVersion(), 246);
    assert.deepEqual(await recorded(), ["1.4.1", "1.4.1", "1.5.1"]);
    await isQuiet();
  });

  it("an upgrade over two minors is not rolled back: what was is brought back and taken over", async () => {
    await byHand.upgrade("1.6.0");
    await byHand.kubectl("rollout", "status", "deployment/bufd", "--timeout=2m");
    const text = await refused();
    assert.match(text, /Take over what runs: version: 1\.6\.0/);
    assert.match(text, /Do not roll back to 1\.4\.1: it does not know the database, which may be of 1\.6\.0/);

    const verified = (await record(instance)).verified.revision;
    await byHand.rollback(verified);
    const undone = await refused();
    assert.match(undone, /unfinished-maintenance.*no transition of this component did\./s);
    const revision = Number(
      /helm rollback of the release to revision (\d+), then version: 1\.6\.0/.exec(undone)?.[1],
    );
    await byHand.rollback(revision);
    stack.configure({ version: "1.6.0" });
    await up();
    assert.deepEqual(await recorded(), ["1.6.0", "1.6.0", "1.6.0"]);
    await isQuiet();

    stack.configure({ version: "1.4.1" });
    assert.match(await refused(), /below-high-water-mark/);
    stack.configure({ version: "1.6.0" });
  });

  it("a rollback over two minors cannot be taken over, and the verified version is brought back", async () => {
    const old = (await helmHistory(instance)).findLastIndex((revision) => revision.startsWith("1.4.1")) + 1;
    await byHand.rollback(old);
    const text = await refused();
    assert.match(
      text,
      /1\.4\.1 cannot be taken over: it does not know the database, which may be of 1\.6\.0/,
    );
    const rollback = /Or go back: (helm rollback bsr \d+ -n \S+), then version: 1\.6\.0/.exec(text)?.[1];
    assert.ok(rollback !== undefined, text);
    await byHand.run(rollback);
    await up();
    assert.equal(await live(), "1.6.0 deployed");
    await isQuiet();
  });

  it("an uninstall: the plan installs again what the database knows, once Pulumi forgets the Release", async () => {
    await byHand.uninstall();
    const text = await shown();
    assert.match(text, /uninstalled: Helm has no release bsr, which this stack deployed/);
    assert.match(text, /nothing deployed to 1\.6\.0 \(install\)/);
    await up("--refresh");
    assert.deepEqual(await helmHistory(instance), ["1.6.0 deployed"]);
    assert.deepEqual(await recorded(), ["1.6.0", "1.6.0", "1.6.0"]);
    await isQuiet();
  });

  it("an uninstall that keeps Helm's history: the history goes first", async () => {
    await byHand.uninstall("--keep-history");
    const command = /remove that with (helm uninstall bsr -n \S+)\. /.exec(await shown())?.[1];
    assert.ok(command !== undefined);
    await byHand.run(command);
    await up("--refresh");
    assert.deepEqual(await helmHistory(instance), ["1.6.0 deployed"]);
    await isQuiet();
  });
});
