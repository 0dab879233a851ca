import assert from "node:assert/strict";
import { createInstance, type Instance } from "../../../sandbox/instance";
import { deploy, startFailure, writeModule } from "./deployed";

describe("the stand-in BSR: license", function () {
  this.timeout(120_000);
  let instance: Instance;
  const without = { license: { key: "" } };

  before(async () => {
    instance = await createInstance("license");
    await deploy(instance, "1.15.2", { values: without });
  });
  after(() => instance.close());

  it("is not needed before 1.16.0", async () => {
    await writeModule(instance, "free");
  });

  it("is needed from 1.16.0 on: without one a pod does not start and migrates nothing", async () => {
    await deploy(instance, "1.16.0", { values: without, noWait: true });
    assert.equal(
      await startFailure(instance, ":1.16.0"),
      "bufd: release 1.16.0 needs a license: set license.key",
    );
    assert.equal(await instance.schemaVersion(), 320);
  });

  it("lets the same release start once it is set", async () => {
    await deploy(instance, "1.16.0");
    assert.equal(await instance.schemaVersion(), 322);
  });
});
