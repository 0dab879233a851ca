import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { exec } from "../../../../sandbox/exec";
import { createInstance, type Instance } from "../../../../sandbox/instance";
import { publishChangedPostgresClient } from "../../../../sandbox/postgres-client";
import { Stack } from "../../../../sandbox/stack";
import { helmHistory, record } from "../../../sandbox/end-to-end/helm";
import { killStep, leaseRunsOut } from "../../../sandbox/end-to-end/kills/processes";

interface Recorded {
  readonly schemaOwner: string;
  readonly snapshots: readonly {
    readonly id: string;
    readonly version: string;
    readonly revision: number;
    readonly maintenance: boolean;
  }[];
  readonly restores: readonly { readonly kept: string }[];
}

/** Tells its version and ends well, but what it writes is no archive. */
const garbage = `#!/bin/sh
for option; do
  case "$option" in
    --version) echo "pg_dump (PostgreSQL) 99.0" ;;
    --file=*) head -c 100000 /dev/urandom > "\${option#--file=}" ;;
  esac
done
`;

describe("the ways out of maintenance", function () {
  this.timeout("8m");
  let instance: Instance;
  let stack: Stack;
  let folder: string;

  const rows = async (database = instance.database) => {
    const sql =
      "SELECT 'module', id::text, name, content FROM modules UNION ALL SELECT 'setting', name, value, '' FROM settings ORDER BY 1, 2";
    return (await exec("psql", ["-d", database, "-Atc", sql], { env: instance.env })).trim();
  };
  const recorded = async () => (await record(instance)) as unknown as Recorded;
  const status = async () => (await fetch(`${instance.url}/v1/modules?limit=1`)).status;
  const write = (name: string) =>
    instance.query("INSERT INTO modules (name, content) VALUES ($1, 'x')", [name]);

  before(async () => {
    instance = await createInstance("mways");
    folder = await instance.makeClaim("bsr-snapshots");
    await instance.allowCreateDatabase();
    const registry = instance.env["BSR_SANDBOX_REGISTRY"] ?? "";
    const image = await publishChangedPostgresClient(registry, instance.namespace, { pg_dump: garbage });
    stack = await Stack.create("mways", instance, { version: "1.2.0", snapshot: { pgDump: { image } } });
    const installed = await stack.up();
    assert.ok(installed.ok, installed.text);
    await write("before");
    // The migration to 245, in the midst of 1.5.1's, makes a row of this name.
    await instance.query("INSERT INTO settings VALUES ('limit_245', 'somebody else')");
  });

  after(async () => {
    await stack.remove();
    await instance.close();
  });

  it("stays in maintenance where the archive cannot be read, and has no such snapshot on record", async () => {
    stack.configure({ version: "1.5.1", strategy: "maintenance", allowDowntime: true });
    const up = await stack.up();
    assert.ok(!up.ok);
    assert.match(up.text, /no snapshot was taken at 1\.2\.0: .*the archive cannot be read/);
    assert.match(up.text, /left: 1\.2\.0 runs with maintenance on, so no row is lost, and no call is served/);
    assert.deepEqual(await helmHistory(instance), ["1.2.0 superseded", "1.2.0 deployed"]);
    assert.equal(await status(), 503);
    assert.deepEqual((await recorded()).snapshots, []);
    assert.deepEqual(readdirSync(folder), [], "the archive that is none is left");
  });

  it("goes on with a good image, and is killed when the snapshot is taken and nothing is deployed yet", async () => {
    stack.configure({ snapshot: { pgDump: { image: instance.env["BSR_SANDBOX_POSTGRES_IMAGE"] } } });
    let ended = false;
    let killed = false;
    const running = stack.up().finally(() => (ended = true));
    while (!ended && !killed) {
      killed = killStep(stack, "begin");
      await sleep(50);
    }
    const up = await running;
    assert.ok(killed && !up.ok, up.text);
    const { snapshots, schemaOwner } = await recorded();
    assert.deepEqual(
      snapshots.map(({ version, maintenance }) => [version, maintenance]),
      [["1.2.0", true]],
    );
    assert.equal(schemaOwner, "1.2.0", "it was killed too late for this test");
    assert.equal(await status(), 503);
  });

  it("does not use that snapshot after maintenance was ended by hand: it takes a new one", async () => {
    await leaseRunsOut(instance);
    const { namespace, env } = instance;
    const chart = env["BSR_SANDBOX_CHART"] ?? "";
    const byHand = ["upgrade", "bsr", chart, "--version", "1.2.0", "-n", namespace, "--reuse-values"];
    await exec("helm", [...byHand, "--set", "maintenance=false", "--wait"], { env });
    while ((await status()) !== 200) await sleep(500);
    await write("meanwhile");

    // The migration in the way makes this deploy fail.
    stack.configure({ deployTimeoutSeconds: 60 });
    const up = await stack.up();
    assert.ok(!up.ok);
    assert.match(up.text, /1\.5\.1 was deployed but not verified/);
    const { snapshots } = await recorded();
    assert.deepEqual(
      snapshots.map(({ version, maintenance }) => [version, maintenance]),
      [
        ["1.2.0", true],
        ["1.2.0", true],
      ],
    );
    assert.ok(
      up.text.includes(`version 1.2.0 and restore ${snapshots[1]?.id} in the configuration`),
      "the older snapshot is offered",
    );
    assert.deepEqual(await helmHistory(instance), [
      "1.2.0 superseded", // installed
      "1.2.0 superseded", // maintenance on, and no snapshot could be taken
      "1.2.0 superseded", // maintenance on again
      "1.2.0 superseded", // ended by hand
      "1.2.0 superseded", // maintenance on
      "1.5.1 deployed", // broken
    ]);
  });

  it("serves nobody on a schema that is half-way, and does not deploy the old version on it", async () => {
    assert.notEqual(await status().catch(() => 0), 200);
    assert.equal(await instance.schemaVersion(), 244);
    stack.configure({ version: "1.2.0" });
    const preview = await stack.preview();
    assert.ok(!preview.ok);
    assert.match(preview.text, /unfinished-maintenance/);
  });

  it("goes back to the newest snapshot: the rows written meanwhile are there, and it serves", async () => {
    const { snapshots } = await recorded();
    stack.configure({ restore: snapshots[1]?.id, deployTimeoutSeconds: undefined });
    const up = await stack.up();
    assert.ok(up.ok, up.text);
    assert.match(await rows(), /^module\|1\|before\|x\nmodule\|2\|meanwhile\|x\n/);
    assert.equal(await instance.schemaVersion(), 239);
    await instance.answers();
    assert.equal(await status(), 200, "maintenance is left on");
    const outputs = await stack.outputs();
    assert.deepEqual(
      [outputs["deployedVersion"], outputs["schemaOwner"], outputs["highWaterMark"]],
      ["1.2.0", "1.2.0", "1.2.0"],
    );
    assert.equal((await recorded()).restores.length, 1);
  });

  it("has nothing to do afterwards", async () => {
    const preview = await stack.preview({ args: ["--expect-no-changes"] });
    assert.ok(preview.ok, preview.text);
  });
});
