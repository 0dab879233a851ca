import assert from "node:assert/strict";
import { createInstance, type Instance } from "../../../../sandbox/instance";
import { startLoad } from "../../../../sandbox/load/load";
import { deploy, migrateDownTo, readModule, writeModule } from "../../../sandbox/bsr/deployed";

describe("the stand-in BSR: one minor down", function () {
  this.timeout(180_000);
  let instance: Instance;

  before(async () => {
    instance = await createInstance("down");
    await deploy(instance, "1.9.1");
  });
  after(() => instance.close());

  it("is done with the owner's binary only, loses what was new, and shows it after going up again", async () => {
    const module = await writeModule(instance, "new");
    const notes = { field_284: "note of new", feature_286: "note of new" };
    assert.deepEqual((await readModule(instance, module.id)).features, notes);

    // GIVEN the older minor serves on the newer schema, after a rollout with no failed request
    const load = await startLoad({ url: instance.url });
    await deploy(instance, "1.8.3");
    const report = await load.stop();
    assert.deepEqual(report.examples, []);
    assert.equal(report.failed, 0);
    assert.equal(await instance.schemaVersion(), 286);

    // WHEN a binary is used that does not know the newest migrations, or a number that is not below, nothing changes
    const [unknown, same, above] = await Promise.all([
      migrateDownTo(instance, "1.9.0", 281),
      migrateDownTo(instance, "1.9.1", 286),
      migrateDownTo(instance, "1.9.1", 287),
    ]);
    assert.deepEqual(unknown, {
      succeeded: false,
      output:
        "bufd: the database is at schema version 286, but release 1.9.0 knows only up to 284: use the release that migrated it\n",
    });
    assert.deepEqual(same, {
      succeeded: true,
      output: "the database is at schema version 286: nothing to migrate down\n",
    });
    assert.deepEqual(above, {
      succeeded: false,
      output: "bufd: the database is at schema version 286: it cannot be migrated down to 287\n",
    });
    assert.equal(await instance.schemaVersion(), 286);

    // AND the owner's binary migrates down, one migration after the other, while the older minor serves
    const down = await migrateDownTo(instance, "1.9.1", 281);
    assert.ok(down.succeeded, down.output);
    const steps = [...down.output.matchAll(/^goose: OK +down (\d+)_/gm)].map(([, number]) => Number(number));
    assert.deepEqual(steps, [286, 285, 284, 283, 282]);
    assert.equal(await instance.schemaVersion(), 281);
    assert.equal((await readModule(instance, module.id)).name, "new");

    // THEN going up again finds the row, without what the way down dropped
    await deploy(instance, "1.9.1");
    assert.equal(await instance.schemaVersion(), 286);
    assert.deepEqual((await readModule(instance, module.id)).features, {
      field_284: null,
      feature_286: null,
    });
  });
});
