import assert from "node:assert/strict";
import type { Status } from "../../../../cli/status/status";
import { createInstance, type Instance } from "../../../../sandbox/instance";
import { startLoad } from "../../../../sandbox/load/load";
import { Stack } from "../../../../sandbox/stack";
import { run } from "../../../cli/run";
import { helmHistory, record } from "../../../sandbox/end-to-end/helm";

interface TakenSnapshot {
  readonly id: string;
  readonly version: string;
  readonly verified: string;
}

describe("a snapshot that is verified by restoring it", function () {
  this.timeout("10m");
  let instance: Instance;
  let stack: Stack;

  before(async () => {
    instance = await createInstance("verified");
    await instance.makeClaim("bsr-snapshots");
    const image = instance.env["BSR_SANDBOX_POSTGRES_IMAGE"];
    stack = await Stack.create("verified", instance, {
      version: "1.2.0",
      snapshot: { pgDump: { image, verify: "restored" } },
    });
    const installed = await stack.up();
    assert.ok(installed.ok, installed.text);
  });

  after(async () => {
    await stack.remove();
    await instance.close();
  });

  async function taken(): Promise<readonly TakenSnapshot[]> {
    return ((await record(instance)) as unknown as { snapshots: TakenSnapshot[] }).snapshots;
  }

  async function databases(): Promise<string[]> {
    const sql = "SELECT datname FROM pg_database WHERE pg_get_userbyid(datdba) = $1";
    const rows = await instance.query<{ datname: string }>(sql, [instance.database]);
    return rows.map(({ datname }) => datname);
  }

  it("is refused before anything is deployed where the role may not create databases", async () => {
    stack.configure({ version: "1.3.1" });
    const up = await stack.up();
    assert.ok(!up.ok);
    assert.match(up.text, /no snapshot could be taken or restored: .*ALTER ROLE "\w+" CREATEDB/);
    assert.deepEqual(await helmHistory(instance), ["1.2.0 deployed"]);
    assert.deepEqual(await taken(), []);
  });

  it("is accepted while users write, and leaves no scratch database", async () => {
    await instance.allowCreateDatabase();
    await instance.answers();
    const load = await startLoad({ url: instance.url });
    const up = await stack.up();
    const report = await load.stop();
    assert.ok(up.ok, up.text);
    assert.match(up.text, /restored, the archive has every row of all \d+ tables/);
    assert.ok(report.written.length > 0, "users wrote meanwhile");
    assert.deepEqual(
      (await taken()).map(({ version, verified }) => [version, verified]),
      [["1.2.0", "restored"]],
    );
    assert.deepEqual(await databases(), [instance.database]);
  });

  it("is an output of the stack after the very up that took it, and shown by bsr status", async () => {
    const shown = (await stack.outputs())["snapshots"] as Status["snapshots"];
    const [only] = await taken();
    assert.equal(shown.length, 1);
    assert.equal(shown[0]?.id, only?.id);

    const kubeconfig = instance.env["KUBECONFIG"] ?? "";
    const asked = ["status", "--kubeconfig", kubeconfig, "--namespace", instance.namespace];
    const { snapshots } = JSON.parse((await run([...asked, "--json"])).stdout) as Status;
    assert.deepEqual(snapshots, shown);
    const { stdout } = await run(asked);
    assert.match(
      stdout,
      /Snapshots:\n {2}\S+-1\.2\.0 {3}1\.2\.0, schema version 239, \S+Z, \d+\.\d MB, maintenance off, pgDump: volume claim/,
    );
  });

  it("makes no later preview differ", async () => {
    const preview = await stack.preview({ args: ["--expect-no-changes"] });
    assert.ok(preview.ok, preview.text);
  });

  it("fails the step where its archive cannot be restored, while the version that ran goes on serving", async () => {
    // Good while the database runs; a restore fills tables with an empty search path, where the function finds nothing.
    await instance.query("CREATE TABLE x_owners AS SELECT 'x' AS name");
    await instance.query(
      "CREATE FUNCTION is_owner(text) RETURNS boolean LANGUAGE sql AS 'SELECT EXISTS (SELECT FROM x_owners WHERE name = $1)'",
    );
    await instance.query("CREATE TABLE owned AS SELECT 'x' AS name");
    await instance.query("ALTER TABLE owned ADD CHECK (is_owner(name))");
    for (const table of ["x_owners", "owned"]) {
      await instance.query(`ALTER TABLE ${table} OWNER TO ${instance.database}`);
    }
    const before = await helmHistory(instance);
    stack.configure({ version: "1.4.1" });
    const up = await stack.up();
    assert.ok(!up.ok);
    assert.match(up.text, /no snapshot was taken at 1\.3\.1: .*the archive cannot be restored/);
    assert.match(up.text, /1\.3\.1 goes on serving; nothing was deployed/);
    assert.deepEqual(await helmHistory(instance), before);
    assert.equal((await taken()).length, 1);
    assert.deepEqual(await databases(), [instance.database]);
    await instance.answers();
  });
});
