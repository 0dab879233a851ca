import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { createInstance, type Instance } from "../../../../sandbox/instance";
import { Stack } from "../../../../sandbox/stack";
import { helmHistory, helmValues, record } from "../../../sandbox/end-to-end/helm";
import { Mirror } from "../../../sandbox/end-to-end/mirror";

interface TakenSnapshot {
  readonly version: string;
  readonly maintenance: boolean;
  readonly revision: number;
  readonly beforeFailure: boolean;
}

describe("a jump through maintenance that fails", function () {
  this.timeout("8m");
  let instance: Instance;
  let mirror: Mirror;
  let stack: Stack;
  let folder: string;
  let rowsBefore: unknown;

  before(async () => {
    instance = await createInstance("mfail");
    folder = await instance.makeClaim("bsr-snapshots", { sizeMegabytes: 1 });
    await instance.makeClaim("roomy");
    mirror = new Mirror(instance);
    await mirror.publish("1.2.0");
    await mirror.publish("1.5.1", { omitImages: ["bufd"] });
    stack = await Stack.create("mfail", instance, { version: "1.2.0", chart: mirror.chart, snapshot: on() });
    const installed = await stack.up();
    assert.ok(installed.ok, installed.text);
    // Random, so that it does not fit compressed either.
    await instance.query(
      "INSERT INTO modules (name, content) SELECT 'm' || n, encode(gen_random_bytes(1024), 'hex') FROM generate_series(1, 3000) AS n",
    );
    rowsBefore = await rows();
  });

  after(async () => {
    await stack.remove();
    await instance.close();
  });

  const on = (claim?: string) => ({
    pgDump: {
      image: instance.env["BSR_SANDBOX_POSTGRES_IMAGE"],
      ...(claim === undefined ? {} : { claim }),
    },
  });
  const rows = () =>
    instance.query(
      "SELECT count(*) AS rows, md5(string_agg(id || name || content, ',' ORDER BY id)) AS sum FROM modules",
    );
  const status = async () => (await fetch(`${instance.url}/v1/modules?limit=1`)).status;
  const maintenance = async (version: string) =>
    ((await helmValues(instance))[version] as { maintenance?: boolean }).maintenance === true;
  const snapshots = async () =>
    ((await record(instance)) as unknown as { snapshots: TakenSnapshot[] }).snapshots;

  it("stops at a snapshot that finds no space, in maintenance, and says both ways out", async () => {
    stack.configure({ version: "1.5.1", strategy: "maintenance", allowDowntime: true });
    const up = await stack.up();
    assert.ok(!up.ok);
    assert.match(up.text, /no snapshot was taken at 1\.2\.0: .*No space left on device/);
    assert.match(up.text, /left: 1\.2\.0 runs with maintenance on, so no row is lost, and no call is served/);
    assert.match(up.text, /fix the cause, then run pulumi up again: it takes the snapshot and goes on/);
    assert.match(up.text, /To end maintenance instead, set version to 1\.2\.0 and run pulumi up/);

    assert.deepEqual(await helmHistory(instance), ["1.2.0 superseded", "1.2.0 deployed"]);
    assert.ok(await maintenance("1.2.0"));
    assert.equal(await status(), 503);
    assert.deepEqual(await snapshots(), []);
    assert.deepEqual(readdirSync(folder), [], "a part of an archive is left, and the claim stays full");
  });

  it("ends maintenance when the version is set back, and no row is lost", async () => {
    stack.configure({ version: "1.2.0", snapshot: undefined });
    const preview = await stack.preview();
    assert.ok(preview.ok, preview.text);
    assert.match(preview.text, /downtime: now, as maintenance is on, until step 1 \(1\.2\.0\) is verified/);
    const up = await stack.up();
    assert.ok(up.ok, up.text);
    assert.ok(!(await maintenance("1.2.0")));
    await instance.answers();
    assert.equal(await status(), 200);
    assert.deepEqual(await rows(), rowsBefore);
  });

  it("keeps the snapshot on record when the deploy after it fails", async () => {
    stack.configure({ version: "1.5.1", snapshot: on("roomy") });
    const up = await stack.up();
    assert.ok(!up.ok);
    assert.match(up.text, /1\.5\.1 was deployed but not verified: its pods cannot become ready/);
    assert.match(up.text, /1\.2\.0 is in maintenance, so no call is served/);
    assert.match(
      up.text,
      /Or go back to the snapshot: version 1\.2\.0 and restore \S+-1\.2\.0 in the configuration/,
    );
    assert.equal((await stack.outputs())["deployedVersion"], "1.2.0");
    const { verified, schemaOwner, highWaterMark } = await record(instance);
    assert.deepEqual([verified.version, schemaOwner, highWaterMark], ["1.2.0", "1.5.1", "1.5.1"]);
    assert.deepEqual(
      (await snapshots()).map((taken) => [taken.version, taken.maintenance]),
      [["1.2.0", true]],
    );
  });

  it("goes on once the release is mended, with a new snapshot, as somebody may have written meanwhile", async () => {
    await mirror.publish("1.5.1");
    const up = await stack.up();
    assert.ok(up.ok, up.text);
    assert.equal((await stack.outputs())["deployedVersion"], "1.5.1");
    assert.deepEqual(await helmHistory(instance), [
      "1.2.0 superseded", // installed
      "1.2.0 superseded", // maintenance on
      "1.2.0 superseded", // set back
      "1.2.0 superseded", // maintenance on
      "1.5.1 superseded", // failed
      "1.2.0 superseded", // maintenance on
      "1.5.1 deployed",
    ]);
    assert.deepEqual(
      (await snapshots()).map((taken) => [
        taken.version,
        taken.revision,
        taken.maintenance,
        taken.beforeFailure,
      ]),
      [
        ["1.2.0", 4, true, true],
        ["1.2.0", 6, true, false],
      ],
    );
    await instance.answers();
    assert.equal(await status(), 200);
    assert.deepEqual(await rows(), rowsBefore);
    const preview = await stack.preview({ args: ["--expect-no-changes"] });
    assert.ok(preview.ok, preview.text);
  });
});
