/** The scripts of pgDump that restore, run on this machine, on a database whose name is as long as Postgres takes one. */
import { strict as assert } from "node:assert";
import { createHash } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  keptName,
  restoringName,
  scratchName,
} from "../../../components/migrations/steps/snapshots/database-names";
import {
  cutOffScript,
  restoreScript,
  takeScript,
} from "../../../components/migrations/steps/snapshots/pg-dump-script";
import { exec } from "../../../sandbox/exec";
import { createInstance, type Instance } from "../../../sandbox/instance";

describe("a database whose name has 63 bytes", function () {
  this.timeout("2m");
  let instance: Instance;
  let folder: string;
  let database: string;
  let kept: string;

  before(async () => {
    instance = await createInstance("restore-script");
    await instance.allowCreateDatabase();
    folder = mkdtempSync(join(tmpdir(), "snapshots-"));
    database = `${instance.database}_`.padEnd(63, "d");
    kept = keptName(database, new Date());
    await sql(instance.database, `CREATE DATABASE ${database}`);
    await sql(
      database,
      `CREATE TABLE goose_db_version (id serial, version_id bigint, is_applied boolean);
       INSERT INTO goose_db_version (version_id, is_applied) VALUES (239, true);
       CREATE TABLE modules (name text); INSERT INTO modules VALUES ('before')`,
    );
  });

  after(async () => {
    rmSync(folder, { recursive: true });
    await instance.close();
  });

  function env(): NodeJS.ProcessEnv {
    const { host, port, user } = instance.values.postgres;
    return {
      ...instance.env,
      ...{ PGHOST: host, PGPORT: String(port), PGUSER: user, PGPASSWORD: instance.password },
    };
  }

  /** As the instance's role; without the final newline. */
  async function sql(of: string, text: string): Promise<string> {
    return (await exec("psql", ["-XAtq", "-d", of, "-c", text], { env: env() })).trim();
  }

  const names = () => sql(instance.database, "SELECT datname FROM pg_database ORDER BY 1");
  const rows = (of: string) => sql(of, "SELECT string_agg(name, ' ' ORDER BY name) FROM modules");

  function run(script: string, more: NodeJS.ProcessEnv = {}): Promise<string> {
    return exec("sh", ["-c", script], {
      env: {
        ...env(),
        PGDATABASE: database,
        FOLDER: folder,
        NAME: "one",
        RELEASE: "bsr",
        QUIET: "false",
        VERIFY: "readable",
        SCRATCH: scratchName(database),
        RESTORING: restoringName(database),
        KEPT: kept,
        ...more,
      },
    });
  }

  it("is saved, and restored beside itself: what was there is kept", async () => {
    await run(takeScript);
    await sql(database, "INSERT INTO modules VALUES ('since')");
    const sum = createHash("sha256")
      .update(readFileSync(join(folder, "one.dump")))
      .digest("hex");
    assert.match(await run(cutOffScript), /"switchedOver":false/);
    assert.match(
      await run(restoreScript, { SUM: sum, SCHEMA: "239" }),
      new RegExp(`result: \\{"kept":"database ${kept}","schemaVersion":239\\}\n$`),
    );
    assert.equal(await rows(database), "before");
    assert.equal(await rows(kept), "before since");
    assert.ok(!(await names()).split("\n").includes(restoringName(database)));
  });

  it("is known to have switched over by the name of what is kept, which is opened where it was left closed", async () => {
    await sql(instance.database, `ALTER DATABASE "${kept}" ALLOW_CONNECTIONS false`);
    assert.equal(await run(cutOffScript), 'result: {"switchedOver":true}\n');
    assert.equal(await rows(kept), "before since");
    const another = keptName(database, new Date(0));
    assert.equal(await run(cutOffScript, { KEPT: another }), 'result: {"switchedOver":false}\n');
  });

  it("is opened again where a restore was cut off that had closed it", async () => {
    await sql(instance.database, `CREATE DATABASE "${restoringName(database)}"`);
    await sql(instance.database, `ALTER DATABASE "${database}" ALLOW_CONNECTIONS false`);
    await run(cutOffScript, { KEPT: keptName(database, new Date(0)) });
    assert.equal(await rows(database), "before");
  });
});
