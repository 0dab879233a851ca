import assert from "node:assert/strict";
import { createInstance, type Instance } from "../../../sandbox/instance";
import { startLoad } from "../../../sandbox/load/load";
import { deploy, kubectl, migrateDownTo, readModule, statusPages, writeModule } from "./deployed";

describe("the stand-in BSR: install and one minor up", function () {
  this.timeout(120_000);
  let instance: Instance;
  let first: Instance;

  before(async () => {
    [instance, first] = await Promise.all([createInstance("hop"), createInstance("first")]);
    await Promise.all([deploy(instance, "1.1.0"), deploy(first, "1.0.0")]);
  });
  after(() => Promise.all([instance.close(), first.close()]));

  it("installs all workloads, with the schema of its release, also where two pods migrate at once", async () => {
    const ready = await kubectl(instance, [
      "get",
      "deployments",
      "-o",
      'jsonpath={range .items[*]}{.metadata.name}={.status.readyReplicas}{"\\n"}{end}',
    ]);
    assert.deepEqual(ready.trim().split("\n").sort(), ["bufd=2", "frontend=1", "oci-registry=1"]);
    assert.equal(await instance.schemaVersion(), 222);
    const [count] = await instance.query<{ rows: string }>(
      "SELECT count(*) AS rows FROM goose_db_version WHERE version_id > 0",
    );
    assert.equal(Number(count?.rows), 222, "every migration ran once");
  });

  it("leaves no hook Job behind", async () => {
    assert.equal(await kubectl(instance, ["get", "jobs", "-o", "name"]), "");
  });

  it("has no status page before 1.11.0", async () => {
    assert.deepEqual(await statusPages(instance), [undefined, undefined]);
  });

  it("goes one minor up under load with no failed request, and keeps every row", async () => {
    const before = await writeModule(instance, "before");
    const load = await startLoad({ url: instance.url });
    await deploy(instance, "1.2.0");
    const report = await load.stop();

    assert.deepEqual(report.examples, []);
    assert.equal(report.failed, 0);
    assert.ok(
      report.requests / report.seconds >= 200,
      `only ${report.requests} requests in ${report.seconds} s`,
    );
    assert.equal(await instance.schemaVersion(), 239);
    assert.equal((await readModule(instance, before.id)).name, "before");
    const [kept] = await instance.query<{ rows: string }>(
      "SELECT count(*) AS rows FROM modules WHERE id = ANY($1)",
      [report.written],
    );
    assert.ok(report.written.length > 0);
    assert.equal(Number(kept?.rows), report.written.length, "every acknowledged write is there");
  });

  it("has in 1.0.0 tables that goose knows nothing of, which the next release takes over with their rows", async () => {
    const module = await writeModule(first, "first");
    assert.equal(await first.schemaVersion(), 0);
    assert.deepEqual(await migrateDownTo(first, "1.0.0", 0), {
      succeeded: false,
      output: "bufd: release 1.0.0 has no migrations\n",
    });

    await deploy(first, "1.0.1");
    assert.equal(await first.schemaVersion(), 182);
    assert.equal((await readModule(first, module.id)).name, "first");
  });
});
