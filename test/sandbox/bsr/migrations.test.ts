import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { bufdProgram } from "../../../sandbox/bsr/binary";
import { exec } from "../../../sandbox/exec";
import { createInstance, type Instance } from "../../../sandbox/instance";
import { until } from "./deployed";

/** An address of loopback that nothing else listens on. */
const address = "127.83.0.1";

/** All that migrations make: columns, indexes, triggers and settings. */
async function shape(instance: Instance): Promise<readonly string[]> {
  const rows = await instance.query<{ line: string }>(`
    SELECT concat_ws(' ', 'column', table_name, column_name, data_type, is_nullable) AS line
      FROM information_schema.columns WHERE table_schema = 'public' AND table_name <> 'goose_db_version'
    UNION ALL SELECT indexdef FROM pg_indexes WHERE schemaname = 'public' AND tablename <> 'goose_db_version'
    UNION ALL SELECT 'trigger ' || trigger_name FROM information_schema.triggers ORDER BY line`);
  return rows.map(({ line }) => line);
}

describe("the stand-in BSR: its migrations, run on the machine itself", function () {
  this.timeout(120_000);
  let instance: Instance;
  let folder: string;
  before(async () => {
    folder = mkdtempSync(join(tmpdir(), "bufd-"));
    instance = await createInstance("migrations");
  });
  after(async () => {
    rmSync(folder, { recursive: true });
    await instance.close();
  });

  /** The environment of a release's container, with Postgres as the machine reaches it. */
  function environment(version: string, databaseVersion: number): NodeJS.ProcessEnv {
    const release = join(folder, `${version}.json`);
    writeFileSync(release, JSON.stringify({ version, databaseVersion }));
    const postgres = {
      host: instance.env["PGHOST"],
      port: Number(instance.env["PGPORT"]),
      user: instance.env["PGUSER"],
      database: instance.database,
      maxConnections: 2,
    };
    return {
      BSR_RELEASE_FILE: release,
      BIND_ADDRESS: address,
      BUFD_CONFIG: JSON.stringify({ host: "bsr.example.com", maintenance: false, postgres }),
      POSTGRES_PASSWORD: instance.env["PGPASSWORD"],
      LICENSE_KEY: "key",
      OCI_REGISTRY_SERVICE_HOST: address,
      OCI_REGISTRY_SERVICE_PORT: "1",
    };
  }

  async function serveOnce(
    version: string,
    databaseVersion: number,
    done = (): Promise<boolean> => Promise.resolve(true),
  ) {
    const env = environment(version, databaseVersion);
    const bufd = spawn(await bufdProgram(), ["serve"], { env, stdio: ["ignore", "ignore", "pipe"] });
    let errors = "";
    bufd.stderr.on("data", (text: Buffer) => (errors += text.toString()));
    const ended = once(bufd, "exit");
    try {
      await until(`${version} is ready`, async () => {
        assert.equal(bufd.exitCode, null, `${version} ended by itself: ${errors}`);
        const answer = await fetch(`http://${address}:8081/ready`).catch(() => undefined);
        return answer?.ok;
      });
      assert.equal(await instance.schemaVersion(), databaseVersion);
      if (done !== undefined) await until(`${version} has done its work`, done);
      bufd.kill("SIGTERM");
      assert.deepEqual(await ended, [0, null], "it drains and ends in order");
    } finally {
      bufd.kill("SIGKILL");
    }
  }

  async function down(version: string, databaseVersion: number, to: number): Promise<void> {
    await exec(await bufdProgram(), ["migratedownto", String(to)], {
      env: environment(version, databaseVersion),
    });
    assert.equal(await instance.schemaVersion(), to);
  }

  it("each has a way down that takes back exactly what its way up made", async () => {
    await serveOnce("1.0.1", 182);
    const oldest = await shape(instance);
    await serveOnce("1.7.0", 266, async () => {
      const [row] = await instance.query<{ state: string }>("SELECT state FROM data_migrations");
      return row?.state === "finished";
    });
    await serveOnce("1.23.0", 359);
    assert.ok((await shape(instance)).length > oldest.length);

    await down("1.23.0", 359, 182);
    assert.deepEqual(await shape(instance), oldest);
    await down("1.23.0", 359, 0);
    assert.deepEqual(await shape(instance), []);
  });
});
