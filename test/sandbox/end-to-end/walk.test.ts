import assert from "node:assert/strict";
import { builtInFacts } from "../../../components/migrations/facts";
import { createInstance, type Instance } from "../../../sandbox/instance";
import { startLoad } from "../../../sandbox/load/load";
import { Stack } from "../../../sandbox/stack";
import { helmHistory, record } from "./helm";
import { watchVersions } from "./watch";

const requestsPerSecond = 220;

describe("1.1.0 to 1.9.1 under load", function () {
  this.timeout("10m");
  let instance: Instance;
  let stack: Stack;

  before(async () => {
    instance = await createInstance("walk");
    stack = await Stack.create("walk", instance, { version: "1.1.0" });
    const installed = await stack.up();
    assert.ok(installed.ok, installed.text);
  });

  after(async () => {
    await stack.remove();
    await instance.close();
  });

  it("walks every minor with no failed request and loses no row", async () => {
    // The data migration's state is in the database; the check asks it there, as an operator's would.
    const sql = "SELECT 1/count(*) FROM data_migrations WHERE state = 'finished'";
    stack.configure({
      version: "1.9.1",
      dataMigrations: { check: ["psql", "-d", instance.database, "-qc", sql], intervalSeconds: 1 },
    });
    const preview = await stack.preview();
    assert.ok(preview.ok, preview.text);
    const hops = ["1.2.0", "1.3.1", "1.4.1", "1.5.1", "1.6.0", "1.7.0", "1.8.3", "1.9.1"];
    for (const hop of hops) assert.match(preview.text, new RegExp(`deploy ${hop.replaceAll(".", "\\.")} `));
    assert.match(preview.text, /wait until the data migration of 1\.7\.0/);

    const load = await startLoad({ url: instance.url, requestsPerSecond });
    const watch = await watchVersions(instance);
    const schemas: Promise<[string, number]>[] = [];
    const up = await stack.up({
      onLine: (line) => {
        const version = /(\S+): verified/.exec(line)?.[1];
        if (version !== undefined && !line.includes(" created ")) {
          schemas.push(instance.schemaVersion().then((schema) => [version, schema]));
        }
      },
    });
    const report = await load.stop();
    watch.stop();
    assert.ok(up.ok, up.text);

    assert.equal(report.failed, 0, JSON.stringify(report.examples));
    const rate = report.requests / report.seconds;
    assert.ok(rate >= 200, `the load was only ${rate.toFixed(0)} requests a second`);
    assert.ok(watch.most.length <= 2, `pods of ${watch.most.join(", ")} existed at the same time`);
    assert.deepEqual(
      (await helmHistory(instance)).map((revision) => revision.split(" ")[0]),
      ["1.1.0", ...hops],
    );
    assert.deepEqual(
      Object.fromEntries(await Promise.all(schemas)),
      Object.fromEntries(hops.map((version) => [version, schemaOf(version)])),
    );

    assert.ok(report.written.length > 0);
    const [rows] = await instance.query<{ count: string }>(
      "SELECT count(*) FROM modules WHERE id = ANY($1)",
      [report.written],
    );
    assert.equal(
      Number(rows?.count),
      report.written.length,
      "rows whose writing was acknowledged are missing",
    );

    const { highWaterMark, schemaOwner, verified } = await record(instance);
    assert.deepEqual([highWaterMark, schemaOwner, verified.version], ["1.9.1", "1.9.1", "1.9.1"]);
    assert.equal((await stack.outputs())["deployedVersion"], "1.9.1");
  });

  it("has nothing to do afterwards", async () => {
    const preview = await stack.preview({ args: ["--expect-no-changes"] });
    assert.ok(preview.ok, preview.text);
  });
});

function schemaOf(version: string): number | null | undefined {
  return builtInFacts.releases.find((release) => release.version === version)?.databaseVersion;
}
