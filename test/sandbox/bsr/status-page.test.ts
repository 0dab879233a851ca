import assert from "node:assert/strict";
import { createInstance, type Instance } from "../../../sandbox/instance";
import { deploy, statusPages } from "./deployed";

const names = ["migrations", "oci-registry", "postgres", "redis", "sandboxd", "storage", "version"];

describe("the stand-in BSR: status page", function () {
  this.timeout(120_000);
  let instance: Instance;

  before(async () => {
    instance = await createInstance("status");
    await deploy(instance, "1.12.1");
  });
  after(() => instance.close());

  it("is on every pod from 1.11.0 on, with the documented items, all healthy", async () => {
    const pages = await statusPages(instance);
    assert.equal(pages.length, 2);
    for (const page of pages) {
      assert.equal(page?.overall_status, "healthy");
      assert.deepEqual(
        page.results.map(({ name, status }) => `${name}: ${status}`),
        names.map((name) => `${name}: healthy`),
      );
      const message = (name: string) => page.results.find((item) => item.name === name)?.message;
      assert.equal(message("migrations"), "Migrations: current: 299, target: 299");
      assert.match(message("version") ?? "", /bsr version: 1\.12\.1$/);
    }
  });

  it("shows a newer owner's database as it is: current above target, and unhealthy", async () => {
    await deploy(instance, "1.11.0");
    for (const page of await statusPages(instance)) {
      assert.equal(page?.overall_status, "unhealthy");
      assert.deepEqual(page.results[0], {
        name: "migrations",
        status: "unhealthy",
        message: "Migrations: current: 299, target: 298",
      });
    }
    assert.equal(await instance.schemaVersion(), 299, "an older release leaves the database as it is");
  });
});
