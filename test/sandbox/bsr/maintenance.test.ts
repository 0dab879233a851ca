import assert from "node:assert/strict";
import { createInstance, type Instance } from "../../../sandbox/instance";
import { startLoad } from "../../../sandbox/load/load";
import { deploy, kubectl, readModule, statusPages, writeModule } from "./deployed";

/** Every table with its number of rows. */
async function contents(instance: Instance): Promise<Record<string, number>> {
  const tables = await instance.query<{ name: string }>(
    "SELECT table_name AS name FROM information_schema.tables WHERE table_schema = 'public' ORDER BY 1",
  );
  const counts = tables.map(({ name }) => `SELECT '${name}' AS name, count(*)::int AS rows FROM ${name}`);
  const rows = await instance.query<{ name: string; rows: number }>(counts.join(" UNION ALL "));
  return Object.fromEntries(rows.map(({ name, rows }) => [name, rows]));
}

describe("the stand-in BSR: maintenance", function () {
  this.timeout(120_000);
  let instance: Instance;

  before(async () => {
    instance = await createInstance("maintenance");
    await deploy(instance, "1.11.0");
  });
  after(() => instance.close());

  it("refuses every call and writes nothing, no migration of its own either", async () => {
    const module = await writeModule(instance, "before");
    const before = await contents(instance);
    await deploy(instance, "1.12.1", { values: { maintenance: true } });

    const load = await startLoad({ url: instance.url, requestsPerSecond: 100, writes: 0.5 });
    const pages = await statusPages(instance);
    const frontend = await kubectl(instance, ["get", "--raw", proxy(instance, "frontend")]);
    const report = await load.stop();

    assert.ok(report.requests > 0);
    assert.deepEqual(report.failures, { "5xx": report.requests });
    assert.match(report.examples[0]?.detail ?? "", /^503 .*maintenance/);
    assert.deepEqual(await contents(instance), before);
    assert.match(frontend, /maintenance/);
    for (const page of pages)
      assert.equal(page?.results[0]?.message, "Migrations: current: 298, target: 299");

    await deploy(instance, "1.12.1");
    assert.equal(await instance.schemaVersion(), 299, "it migrates once maintenance is off");
    assert.equal((await readModule(instance, module.id)).name, "before");
    assert.match(await kubectl(instance, ["get", "--raw", proxy(instance, "frontend")]), /Registry 1\.12\.1/);
  });
});

function proxy(instance: Instance, service: string): string {
  return `/api/v1/namespaces/${instance.namespace}/services/${service}:8080/proxy/`;
}
