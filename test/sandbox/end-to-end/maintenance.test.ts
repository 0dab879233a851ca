import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { createInstance, type Instance } from "../../../sandbox/instance";
import { startLoad } from "../../../sandbox/load/load";
import { Stack } from "../../../sandbox/stack";
import { helmHistory, record } from "./helm";

interface TakenSnapshot {
  readonly version: string;
  readonly schemaVersion: number;
  readonly maintenance: boolean;
  readonly place: string;
  readonly bytes: number;
  readonly sha256: string;
  readonly verified: string;
}

describe("1.2.0 to 1.12.1 through maintenance", function () {
  this.timeout("8m");
  let instance: Instance;
  let stack: Stack;
  let folder: string;

  before(async () => {
    instance = await createInstance("maintenance");
    folder = await instance.makeClaim("bsr-snapshots");
    const sql = "SELECT 1/count(*) FROM data_migrations WHERE state = 'finished'";
    stack = await Stack.create("maintenance", instance, {
      version: "1.2.0",
      snapshot: { pgDump: { image: instance.env["BSR_SANDBOX_POSTGRES_IMAGE"] } },
      dataMigrations: { check: ["psql", "-d", instance.database, "-qc", sql], intervalSeconds: 1 },
    });
    const installed = await stack.up();
    assert.ok(installed.ok, installed.text);
    assert.doesNotMatch(installed.text, /snapshot-/, "an install has nothing to lose");
  });

  after(async () => {
    await stack.remove();
    await instance.close();
  });

  it("says in preview from which step to which there is downtime", async () => {
    stack.configure({ version: "1.12.1", strategy: "maintenance", allowDowntime: true });
    const preview = await stack.preview();
    assert.ok(preview.ok, preview.text);
    assert.match(
      preview.text,
      /downtime: from step 1 \(1\.2\.0 with maintenance on\) until step 3 \(1\.7\.0\) is verified, and from step 5 \(1\.7\.0 with maintenance on\) until step 7 \(1\.12\.1\) is verified/,
    );
  });

  it("walks both jumps; no row is written while maintenance is on, and none is lost", async () => {
    await instance.answers();
    const load = await startLoad({ url: instance.url });
    const counted: Promise<[string, string]>[] = [];
    const count = async (at: string): Promise<[string, string]> => {
      const [row] = await instance.query<{ rows: string }>("SELECT count(*) AS rows FROM modules");
      return [at, row?.rows ?? ""];
    };
    const up = await stack.up({
      onLine: (line) => {
        if (/ created /.test(line)) return;
        const at = /(\S+: verified with maintenance on|\S+: snapshot \S+ verified)/.exec(line)?.[1];
        if (at !== undefined) counted.push(count(at.replace(/snapshot \S+/, "snapshot")));
      },
    });
    const report = await load.stop();
    assert.ok(up.ok, up.text);
    assert.deepEqual(await helmHistory(instance), [
      "1.2.0 superseded",
      "1.2.0 superseded",
      "1.7.0 superseded",
      "1.7.0 superseded",
      "1.12.1 deployed",
    ]);
    assert.equal((await stack.outputs())["deployedVersion"], "1.12.1");
    assert.ok(report.failed > 0, "the load tried while maintenance was on");

    const rows = await Promise.all(counted);
    assert.deepEqual(
      rows.map(([at]) => at),
      [
        "1.2.0: verified with maintenance on",
        "1.2.0: snapshot verified",
        "1.7.0: verified with maintenance on",
        "1.7.0: snapshot verified",
      ],
    );
    assert.equal(rows[0]?.[1], rows[1]?.[1], "rows were written in the first maintenance");
    assert.equal(rows[2]?.[1], rows[3]?.[1], "rows were written in the second maintenance");

    assert.ok(report.written.length > 0);
    const sql = "SELECT count(*) AS rows FROM modules WHERE id = ANY($1)";
    const [there] = await instance.query<{ rows: string }>(sql, [report.written]);
    assert.equal(
      Number(there?.rows),
      report.written.length,
      "rows whose writing was acknowledged are missing",
    );
  });

  it("has both snapshots on record, and their archives are what the record says", async () => {
    const { snapshots } = (await record(instance)) as unknown as { snapshots: TakenSnapshot[] };
    assert.deepEqual(
      snapshots.map(({ version, schemaVersion, maintenance, verified }) => [
        version,
        schemaVersion,
        maintenance,
        verified,
      ]),
      [
        ["1.2.0", 239, true, "readable"],
        ["1.7.0", 266, true, "readable"],
      ],
    );
    for (const { place, bytes, sha256 } of snapshots) {
      const archive = readFileSync(join(folder, /file (\S+)$/.exec(place)?.[1] ?? ""));
      assert.equal(archive.length, bytes);
      assert.equal(createHash("sha256").update(archive).digest("hex"), sha256);
    }
  });

  it("has nothing to do afterwards", async () => {
    const preview = await stack.preview({ args: ["--expect-no-changes"] });
    assert.ok(preview.ok, preview.text);
  });
});
