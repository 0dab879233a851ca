import assert from "node:assert/strict";
import { createInstance, type Instance } from "../../../sandbox/instance";
import { deploy, migrateDownTo, readModule, writeModule } from "./deployed";

describe("the stand-in BSR: 1.0.0, before there were migrations", function () {
  this.timeout(120_000);
  let instance: Instance;

  before(async () => {
    instance = await createInstance("first");
    await deploy(instance, "1.0.0");
  });
  after(() => instance.close());

  it("serves from tables that goose knows nothing of, which the next release takes over with their rows", async () => {
    const module = await writeModule(instance, "first");
    assert.equal(await instance.schemaVersion(), 0);
    assert.deepEqual(await migrateDownTo(instance, "1.0.0", 0), {
      succeeded: false,
      output: "bufd: release 1.0.0 has no migrations\n",
    });

    await deploy(instance, "1.0.1");
    assert.equal(await instance.schemaVersion(), 182);
    assert.equal((await readModule(instance, module.id)).name, "first");
  });
});
