import assert from "node:assert/strict";
import { copyFileSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { exec } from "../../../../sandbox/exec";
import { createInstance, type Instance } from "../../../../sandbox/instance";
import { Stack } from "../../../../sandbox/stack";
import { helmHistory, record } from "../../../sandbox/end-to-end/helm";
import { leaseRunsOut } from "../../../sandbox/end-to-end/kills/processes";
import { SwitchOver } from "../../../sandbox/end-to-end/switch-over";

interface Recorded {
  readonly highWaterMark: string;
  readonly schemaOwner: string;
  readonly snapshots: readonly { readonly id: string; readonly version: string }[];
  readonly restores: readonly { readonly snapshot: string; readonly kept: string }[];
}

describe("going back from an upgrade whose migration broke", function () {
  this.timeout("8m");
  let instance: Instance;
  let stack: Stack;
  let folder: string;
  let id: string;
  let snapshotRows: string;
  let switchOver: SwitchOver;

  const read = async (sql: string, database = instance.database) =>
    (await exec("psql", ["-d", database, "-Atc", sql], { env: instance.env })).trim();
  /** Everything that a release or a user wrote. */
  const rows = (database?: string) =>
    read(
      "SELECT 'module', id::text, name, content FROM modules UNION ALL SELECT 'setting', name, value, '' FROM settings ORDER BY 1, 2",
      database,
    );
  const recorded = async () => (await record(instance)) as unknown as Recorded;
  const archive = () => join(folder, `bsr-${id}.dump`);
  const status = async () => (await fetch(`${instance.url}/v1/modules?limit=1`)).status;
  /** The bufd pods that get requests. */
  const serving = async () => {
    const ready = ".items[?(@.status.containerStatuses[0].ready==true)].metadata.name";
    const args = ["get", "pods", "-n", instance.namespace, "-l", "app.kubernetes.io/name=bufd"];
    const names = await exec("kubectl", [...args, "-o", `jsonpath={${ready}}`], { env: instance.env });
    return names.split(" ").filter((name) => name !== "");
  };

  before(async () => {
    instance = await createInstance("rfail");
    folder = await instance.makeClaim("bsr-snapshots");
    await instance.allowCreateDatabase();
    stack = await Stack.create("rfail", instance, {
      version: "1.2.0",
      snapshot: { pgDump: { image: instance.env["BSR_SANDBOX_POSTGRES_IMAGE"] } },
    });
    switchOver = new SwitchOver(instance, stack);
    const installed = await stack.up();
    assert.ok(installed.ok, installed.text);
    await instance.query("INSERT INTO modules (name, content) VALUES ('before', 'x')");
    // The migration to 245, in the midst of 1.4.1's, makes a row of this name.
    await instance.query("INSERT INTO settings VALUES ('limit_245', 'somebody else')");
    snapshotRows = await rows();
  });

  after(async () => {
    await stack.remove();
    await instance.close();
  });

  it("begins where the last of two hops has migrated half-way, and the hop before serves", async () => {
    stack.configure({ version: "1.4.1", deployTimeoutSeconds: 60 });
    const up = await stack.up();
    assert.ok(!up.ok);
    assert.match(up.text, /1\.4\.1 was deployed but not verified/);
    assert.match(up.text, /limit_245|settings_pkey/, "the reason is in the pods' log");
    assert.deepEqual(await helmHistory(instance), ["1.2.0 superseded", "1.3.1 superseded", "1.4.1 deployed"]);
    assert.equal(await instance.schemaVersion(), 244);
    assert.equal(await status(), 200);
    await instance.query("INSERT INTO modules (name, content) VALUES ('since', 'y')");
    const { snapshots, schemaOwner, highWaterMark } = await recorded();
    assert.deepEqual([schemaOwner, highWaterMark], ["1.4.1", "1.4.1"]);
    assert.equal(snapshots.length, 1);
    id = snapshots[0]?.id ?? "";
    stack.configure({ version: "1.2.0", restore: id });
  });

  async function refusedBeforeAnythingIsTouched(reason: RegExp): Promise<void> {
    const before = { rows: await rows(), serving: await serving() };
    const up = await stack.up();
    assert.ok(!up.ok);
    assert.match(up.text, reason);
    assert.match(up.text, /left: nothing was stopped or changed/);
    assert.deepEqual({ rows: await rows(), serving: await serving() }, before);
    assert.equal(await status(), 200);
    assert.equal(await instance.schemaVersion(), 244);
    assert.deepEqual((await recorded()).restores, []);
  }

  it("touches nothing where the archive is damaged", async () => {
    copyFileSync(archive(), `${archive()}.whole`);
    const bytes = readFileSync(archive());
    const middle = Math.floor(bytes.length / 2);
    bytes.writeUInt8(bytes.readUInt8(middle) ^ 0xff, middle);
    writeFileSync(archive(), bytes);
    await refusedBeforeAnythingIsTouched(
      /bsr-\S+\.dump is not what was taken: its checksum is [0-9a-f]{64}, recorded is [0-9a-f]{64}/,
    );
  });

  it("touches nothing where the archive is missing", async () => {
    renameSync(archive(), `${archive()}.damaged`);
    await refusedBeforeAnythingIsTouched(/the volume claim has no file bsr-\S+\.dump/);
    renameSync(`${archive()}.whole`, archive());
  });

  it("leaves the present database as it was where somebody stays connected to it, and says who", async () => {
    const session = await switchOver.hold();
    const up = await stack.up();
    await session.end();
    assert.ok(!up.ok);
    assert.match(up.text, /sessions on rfail\w+ do not end: \S* of postgres/);
    assert.match(up.text, /left: the present database is as it was, and its pods are started again/);
    assert.ok(!(await switchOver.isClosed()), "the database stays closed");
    assert.match(await rows(), /^module\|\d+\|since\|y$/m);
    assert.deepEqual(await switchOver.kept(), []);
  });

  async function isKilledBeforeItSwitchesOver(then?: () => Promise<unknown>): Promise<void> {
    await switchOver.isKilledBefore(then);
    assert.deepEqual(await serving(), [], "pods run while nobody knows on which database");
    assert.deepEqual((await recorded()).restores, []);
  }

  it("opens the database again where the step is killed and its Job ended, and loses nothing", async () => {
    await isKilledBeforeItSwitchesOver(async () => {
      const pods = ["delete", "pods", "-n", instance.namespace, "-l", "app.kubernetes.io/name=bsr-snapshot"];
      await exec("kubectl", pods, { env: instance.env });
      assert.ok(!(await switchOver.isClosed()), "the database stays closed");
      // A Job that dies with its node opens nothing.
      await read(`ALTER DATABASE "${instance.database}" ALLOW_CONNECTIONS false`, "postgres");
    });
    assert.deepEqual(await switchOver.kept(), []);
  });

  it("restores anew, also from a closed database; and keeps what was there where its Job switches over without it", async () => {
    await leaseRunsOut(instance);
    await isKilledBeforeItSwitchesOver();
    while ((await switchOver.kept()).length === 0) await sleep(200);
    const [original] = await switchOver.kept();
    assert.match(await rows(original), /^module\|\d+\|since\|y$/m);
  });

  it("is done then, with the same configuration: exactly the snapshot's rows, schema version, owner and mark", async () => {
    await leaseRunsOut(instance);
    const up = await stack.up();
    assert.ok(up.ok, up.text);
    assert.match(
      up.text,
      /the restore of \S+ had switched over; what was there before is kept as database rfail/,
    );
    assert.equal(await rows(), snapshotRows);
    assert.equal(await instance.schemaVersion(), 239);
    const { schemaOwner, highWaterMark, restores } = await recorded();
    assert.deepEqual([schemaOwner, highWaterMark], ["1.2.0", "1.2.0"]);
    assert.deepEqual(
      restores.map(({ snapshot }) => snapshot),
      [id],
    );
    const outputs = await stack.outputs();
    assert.deepEqual(
      [outputs["deployedVersion"], outputs["schemaOwner"], outputs["highWaterMark"]],
      ["1.2.0", "1.2.0", "1.2.0"],
    );
    await instance.answers();
    assert.equal(await status(), 200);
  });

  it("has kept all that was there, once", async () => {
    const [original = "", ...more] = await switchOver.kept();
    assert.match(await rows(original), /^module\|\d+\|since\|y$/m);
    assert.deepEqual(more, []);
    assert.equal((await recorded()).restores[0]?.kept, `database ${original}`);
  });

  it("has nothing to do afterwards", async () => {
    const preview = await stack.preview({ args: ["--expect-no-changes"] });
    assert.ok(preview.ok, preview.text);
  });
});
