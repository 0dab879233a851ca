import assert from "node:assert/strict";
import { createInstance, type Instance } from "../../../sandbox/instance";
import { startLoad } from "../../../sandbox/load/load";
import { deploy, kubectl, readModule, type StatusPage, statusPages, writeModule } from "./deployed";

const names = ["migrations", "oci-registry", "postgres", "redis", "sandboxd", "storage", "version"];

/** Every table with its number of rows. */
async function contents(instance: Instance): Promise<Record<string, number>> {
  const tables = await instance.query<{ name: string }>(
    "SELECT table_name AS name FROM information_schema.tables WHERE table_schema = 'public' ORDER BY 1",
  );
  const counts = tables.map(({ name }) => `SELECT '${name}' AS name, count(*)::int AS rows FROM ${name}`);
  const rows = await instance.query<{ name: string; rows: number }>(counts.join(" UNION ALL "));
  return Object.fromEntries(rows.map(({ name, rows }) => [name, rows]));
}

async function bothPages(instance: Instance): Promise<StatusPage[]> {
  const pages = (await statusPages(instance)).filter((page) => page !== undefined);
  assert.equal(pages.length, 2, "every pod has a status page");
  return pages;
}

function frontPage(instance: Instance): Promise<string> {
  return kubectl(instance, [
    "get",
    "--raw",
    `/api/v1/namespaces/${instance.namespace}/services/frontend:8080/proxy/`,
  ]);
}

describe("the stand-in BSR: status page and maintenance", function () {
  this.timeout(120_000);
  let instance: Instance;

  before(async () => {
    instance = await createInstance("status");
    await deploy(instance, "1.11.0");
  });
  after(() => instance.close());

  it("has a status page on every pod from 1.11.0 on, with the documented items, all healthy", async () => {
    for (const page of await bothPages(instance)) {
      assert.equal(page.overall_status, "healthy", JSON.stringify(page));
      assert.deepEqual(
        page.results.map(({ name, status }) => `${name}: ${status}`),
        names.map((name) => `${name}: healthy`),
      );
      const message = (name: string) => page.results.find((item) => item.name === name)?.message;
      assert.equal(message("migrations"), "Migrations: current: 298, target: 298");
      assert.match(message("version") ?? "", /bsr version: 1\.11\.0$/);
    }
  });

  it("in maintenance refuses every call and writes nothing, no migration of its own either", async () => {
    const module = await writeModule(instance, "before");
    const before = await contents(instance);
    await deploy(instance, "1.12.1", { values: { maintenance: true } });

    const load = await startLoad({ url: instance.url, requestsPerSecond: 100, writes: 0.5 });
    for (const { results } of await bothPages(instance)) {
      assert.equal(results[0]?.message, "Migrations: current: 298, target: 299");
    }
    const report = await load.stop();
    assert.ok(report.requests > 0);
    assert.deepEqual(report.failures, { "5xx": report.requests });
    assert.match(report.examples[0]?.detail ?? "", /^503 .*maintenance/);
    assert.deepEqual(await contents(instance), before);
    assert.match(await frontPage(instance), /maintenance/);

    await deploy(instance, "1.12.1");
    assert.equal(await instance.schemaVersion(), 299, "it migrates once maintenance is off");
    assert.equal((await readModule(instance, module.id)).name, "before");
    assert.match(await frontPage(instance), /Registry 1\.12\.1/);
  });

  it("shows a newer owner's database as it is: current above target, and unhealthy", async () => {
    await deploy(instance, "1.11.0");
    for (const page of await bothPages(instance)) {
      assert.equal(page.overall_status, "unhealthy");
      assert.deepEqual(page.results[0], {
        name: "migrations",
        status: "unhealthy",
        message: "Migrations: current: 299, target: 298",
      });
    }
    assert.equal(await instance.schemaVersion(), 299, "an older release leaves the database as it is");
  });
});
