import assert from "node:assert/strict";
import { createInstance, type Instance } from "../../../sandbox/instance";
import { deploy, startFailure } from "./deployed";

describe("the stand-in BSR: license", function () {
  this.timeout(120_000);
  const without = { license: { key: "" } };
  let before1_16: Instance;
  let instance: Instance;

  before(async () => {
    [before1_16, instance] = await Promise.all([createInstance("free"), createInstance("license")]);
  });
  after(() => Promise.all([before1_16.close(), instance.close()]));

  it("is needed from 1.16.0 on: without one a pod does not start and migrates nothing", async () => {
    await Promise.all([
      deploy(before1_16, "1.15.2", { values: without }),
      deploy(instance, "1.16.0", { values: without, noWait: true }),
    ]);
    assert.equal(await before1_16.schemaVersion(), 320);
    assert.equal(
      await startFailure(instance, ":1.16.0"),
      "bufd: release 1.16.0 needs a license: set license.key",
    );
    assert.equal(await instance.schemaVersion(), 0);
  });

  it("lets the same release start once it is set", async () => {
    await deploy(instance, "1.16.0");
    assert.equal(await instance.schemaVersion(), 322);
  });
});
