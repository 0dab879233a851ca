import assert from "node:assert/strict";
import { createInstance, type Instance } from "../../../../sandbox/instance";
import {
  bufdPods,
  deploy,
  kubectl,
  readModule,
  startFailure,
  until,
  writeModule,
} from "../../../sandbox/bsr/deployed";

const oldRows = 10_000;

/** Long enough for all that is tried while it runs, on a busy machine too. */
const slowly = { sandbox: { dataMigrationSeconds: 180 } };

interface Progress {
  readonly state: string;
  readonly done: number;
}

async function progress(instance: Instance): Promise<Progress | undefined> {
  const [row] = await instance.query<Progress>("SELECT state, rows_done::int AS done FROM data_migrations");
  return row;
}

describe("the stand-in BSR: the data migration of 1.7.0", function () {
  this.timeout(180_000);
  let instance: Instance;
  let fresh: Instance;

  before(async () => {
    [instance, fresh] = await Promise.all([createInstance("data"), createInstance("fresh")]);
    await Promise.all([deploy(instance, "1.6.0"), deploy(fresh, "1.8.0")]);
    await instance.query(
      "INSERT INTO modules (name, content) SELECT 'old-' || n, 'content' FROM generate_series(1, $1) n",
      [oldRows],
    );
  });
  after(() => Promise.all([instance.close(), fresh.close()]));

  it("has nothing to do on a fresh database of a later release, which starts and serves", async () => {
    assert.equal(await fresh.schemaVersion(), 279);
    assert.deepEqual(await progress(fresh), { state: "finished", done: 0 });
    await writeModule(fresh, "first");
  });

  it("cannot be skipped: 1.8.0 does not start on a database that only earlier releases used", async () => {
    await deploy(instance, "1.8.0", { noWait: true });
    assert.match(
      await startFailure(instance, ":1.8.0"),
      /^bufd: release 1\.8\.0 needs the data migration of 1\.7\.0, which never ran on this database: deploy 1\.7\.0 first$/,
    );
    assert.equal(await instance.schemaVersion(), 255, "it refuses before it migrates");
  });

  it("runs in the background while 1.7.0 serves, outlives a killed pod, and does each row once", async () => {
    await deploy(instance, "1.7.0", { values: slowly });
    const written = await writeModule(instance, "new");
    assert.ok((await readModule(instance, written.id)).digest, "new rows need no migration");
    const running = await until("some rows are done", async () => {
      const now = await progress(instance);
      return now !== undefined && now.done > 0 && now;
    });
    assert.equal(running.state, "running");
    assert.ok(running.done < oldRows);

    // WHEN a later release is tried, it is refused and the old pods go on serving
    await deploy(instance, "1.8.0", { noWait: true });
    assert.match(
      await startFailure(instance, ":1.8.0"),
      /^bufd: release 1\.8\.0 needs the data migration of 1\.7\.0, which is not done \(running, \d+ rows so far\): deploy 1\.7\.0 and wait until it has finished$/,
    );
    await readModule(instance, written.id);

    // AND the pods of 1.7.0 are killed, those that come after them go on
    await deploy(instance, "1.7.0", { values: slowly, noWait: true });
    const killed = (await bufdPods(instance))
      .filter(({ image }) => image.endsWith(":1.7.0"))
      .map(({ name }) => name);
    assert.ok(killed.length >= 2);
    await kubectl(instance, ["delete", "pod", "--grace-period=0", "--force", ...killed]);
    const atKill = (await progress(instance))?.done ?? 0;
    await until("another pod goes on", async () => ((await progress(instance))?.done ?? 0) > atKill);
    assert.equal((await progress(instance))?.state, "running");

    // AND nothing slows it down any more, it finishes
    await deploy(instance, "1.7.0", { noWait: true });
    await until("it is finished", async () => (await progress(instance))?.state === "finished");
    assert.deepEqual(await progress(instance), { state: "finished", done: oldRows });
    const [left] = await instance.query("SELECT FROM modules WHERE digest IS NULL");
    assert.equal(left, undefined);
  });

  it("once finished lets the later release start", async () => {
    await deploy(instance, "1.8.0");
    assert.equal(await instance.schemaVersion(), 279);
  });
});
