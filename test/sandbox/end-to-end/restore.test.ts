import assert from "node:assert/strict";
import { exec } from "../../../sandbox/exec";
import { createInstance, type Instance } from "../../../sandbox/instance";
import { Stack } from "../../../sandbox/stack";
import { record } from "./helm";

interface Restored {
  readonly snapshots: readonly { readonly id: string; readonly version: string }[];
  readonly restores: readonly { readonly kept: string }[];
}

describe("the way back to a snapshot", function () {
  this.timeout("8m");
  let instance: Instance;
  let stack: Stack;
  let id: string;

  // A connection of its own each time: the restore ends those that there are.
  const rows = async (database = instance.database) => {
    const sql = "SELECT name FROM modules ORDER BY id";
    return (await exec("psql", ["-d", database, "-Atc", sql], { env: instance.env })).trim().split("\n");
  };

  before(async () => {
    instance = await createInstance("restore");
    await instance.makeClaim("bsr-snapshots");
    stack = await Stack.create("restore", instance, {
      version: "1.2.0",
      snapshot: { pgDump: { image: instance.env["BSR_SANDBOX_POSTGRES_IMAGE"] } },
    });
    const installed = await stack.up();
    assert.ok(installed.ok, installed.text);
    await instance.query("INSERT INTO modules (name, content) VALUES ('before', 'x')");
    stack.configure({ version: "1.3.1" });
    const bumped = await stack.up();
    assert.ok(bumped.ok, bumped.text);
    id = ((await record(instance)) as unknown as Restored).snapshots[0]?.id ?? "";
    await instance.query("INSERT INTO modules (name, content) VALUES ('since', 'y')");
  });

  after(async () => {
    await stack.remove();
    await instance.close();
  });

  it("is refused for a snapshot that nobody took", async () => {
    stack.configure({ version: "1.2.0", restore: "20200101t000000z-1.2.0" });
    const preview = await stack.preview();
    assert.ok(!preview.ok);
    assert.match(preview.text, /unknown-snapshot/);
    assert.ok(preview.text.includes(id), "the refusal lists what there is");
  });

  it("is shown in preview with what will be lost", async () => {
    stack.configure({ restore: id });
    const preview = await stack.preview();
    assert.ok(preview.ok, preview.text);
    assert.match(preview.text, /restore the snapshot of 1\.2\.0 \(schema version 239\)/);
    assert.match(preview.text, /loss of data: what was written since the snapshot/);
  });

  it("leaves everything as it was where the role may not create a database, and says what to do", async () => {
    const up = await stack.up();
    assert.ok(!up.ok);
    assert.match(up.text, /ALTER ROLE "\w+" CREATEDB/);
    assert.deepEqual(await rows(), ["before", "since"]);
    await instance.answers();
    assert.equal(await instance.schemaVersion(), 241);
  });

  it("brings back exactly the rows of the snapshot, and keeps what was there", async () => {
    await instance.allowCreateDatabase();
    const up = await stack.up();
    assert.ok(up.ok, up.text);
    const { restores } = (await record(instance)) as unknown as Restored;
    assert.equal(restores.length, 1);
    assert.match(restores[0]?.kept ?? "", /^database \w+_before_restore_\d+$/);
    assert.deepEqual(await rows(), ["before"]);
    assert.deepEqual(await rows(restores[0]?.kept.replace("database ", "")), ["before", "since"]);
    const outputs = await stack.outputs();
    assert.deepEqual(
      [outputs["deployedVersion"], outputs["schemaOwner"], outputs["highWaterMark"]],
      ["1.2.0", "1.2.0", "1.2.0"],
    );
  });

  it("is not done again, and the way up is open", async () => {
    const again = await stack.preview({ args: ["--expect-no-changes"] });
    assert.ok(again.ok, again.text);
  });
});
