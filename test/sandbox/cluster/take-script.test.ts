/** The scripts of pgDump with `verify: restored`, run on this machine, where their programs can be made to do wrong. */
import { strict as assert } from "node:assert";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { checkScript, takeScript } from "../../../components/migrations/steps/snapshots/pg-dump-script";
import { exec, tryExec } from "../../../sandbox/exec";
import { createInstance, type Instance } from "../../../sandbox/instance";

const archive = "bsr-20260101t000000z-1.4.0";

describe("an archive that is verified by restoring it", function () {
  this.timeout("2m");
  let instance: Instance;
  let scratch: string;
  let folder: string;
  let programs: string;

  before(async () => {
    instance = await createInstance("take-script");
    scratch = `${instance.database}_scratch`;
  });

  after(() => instance.close());

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), "snapshots-"));
    programs = mkdtempSync(join(tmpdir(), "programs-"));
    await instance.allowCreateDatabase();
    await asRole(`
      DROP SCHEMA IF EXISTS "odd one's" CASCADE; CREATE SCHEMA "odd one's";
      DROP TABLE IF EXISTS modules, owners, days; DROP FUNCTION IF EXISTS is_owner;
      CREATE TABLE modules (name text); INSERT INTO modules VALUES ('a'), ('b'), ('c');
      CREATE TABLE "odd one's"."Two words" AS SELECT 1;
      CREATE TABLE days (day int) PARTITION BY RANGE (day);
      CREATE TABLE "odd one's".early PARTITION OF days FOR VALUES FROM (0) TO (10); INSERT INTO days VALUES (1), (2)`);
  });

  afterEach(() => {
    rmSync(folder, { recursive: true });
    rmSync(programs, { recursive: true });
  });

  /** The connection of a Job: that of the instance's role. */
  function connection(): NodeJS.ProcessEnv {
    const { host, port, user } = instance.values.postgres;
    return { PGHOST: host, PGPORT: String(port), PGUSER: user, PGPASSWORD: instance.password };
  }

  async function asRole(sql: string): Promise<void> {
    const args = ["-Xq", "-v", "ON_ERROR_STOP=1", "-d", instance.database];
    const quiet = "SET client_min_messages = warning;\n";
    await exec("psql", args, { env: { ...instance.env, ...connection() }, input: quiet + sql });
  }

  /** Puts a script before a program of that name, which it calls as `"$real"`. */
  async function wrap(name: string, script: string): Promise<void> {
    const real = (await exec("sh", ["-c", `command -v ${name}`], { env: instance.env })).trim();
    writeFileSync(join(programs, name), `#!/bin/sh\nreal=${real}\n${script}\n`, { mode: 0o755 });
  }

  async function run(script: string, env: NodeJS.ProcessEnv = {}) {
    const said = join(programs, "said");
    // To a file: what the script has in the background would hold a pipe open.
    const { status } = await tryExec("sh", ["-c", '$UNDER sh -c "$0" >"$SAID" 2>&1', script], {
      env: {
        ...instance.env,
        ...connection(),
        PATH: `${programs}:${instance.env["PATH"] ?? ""}`,
        PGDATABASE: instance.database,
        FOLDER: folder,
        NAME: archive,
        RELEASE: "bsr",
        QUIET: "false",
        VERIFY: "restored",
        SCRATCH: scratch,
        RESTORING: `${instance.database}_restoring`,
        SAID: said,
        UNDER: "",
        ...env,
      },
    });
    return { ok: status === 0, text: readFileSync(said, "utf8") };
  }

  async function scratchIsThere(): Promise<boolean> {
    return (await instance.query("SELECT FROM pg_database WHERE datname = $1", [scratch])).length > 0;
  }

  async function refused(env: NodeJS.ProcessEnv = {}): Promise<string> {
    const { ok, text } = await run(takeScript, env);
    assert.ok(!ok, text);
    assert.deepEqual(readdirSync(folder), [], "nothing is left of an archive that is of no use");
    assert.ok(!(await scratchIsThere()), "the scratch database is dropped");
    return text;
  }

  async function accepted(env: NodeJS.ProcessEnv = {}): Promise<string> {
    const { ok, text } = await run(takeScript, env);
    assert.ok(ok, text);
    assert.deepEqual(readdirSync(folder).sort(), [`${archive}.dump`, `${archive}.json`]);
    assert.ok(!(await scratchIsThere()), "the scratch database is dropped");
    return text;
  }

  it("is accepted with every row, whatever schemas, partitions and odd names there are", async () => {
    assert.match(await accepted(), /restored, the archive has every row of all 3 tables\nresult: \{/);
  });

  it("is refused with table and both counts where rows are missing", async () => {
    await wrap("pg_dump", '"$real" --exclude-table-data=modules "$@"');
    assert.match(
      await refused(),
      /restored, the archive is not what was dumped: table public\.modules had 3 rows, restored 0 rows\n$/,
    );
    assert.doesNotMatch(await accepted({ VERIFY: "readable" }), /scratch/, "it can be listed all the same");
  });

  it("is refused with the name where a table is missing", async () => {
    await wrap("pg_dump", `"$real" --exclude-table='*."Two words"' "$@"`);
    assert.match(await refused(), /: table "odd one's"\."Two words" had 1 rows, restored none\n$/);
  });

  it("is refused with what Postgres says where it cannot be restored", async () => {
    // Good while the database runs; a restore fills modules before owners.
    await asRole(`
      CREATE TABLE owners (name text); INSERT INTO owners VALUES ('x');
      CREATE FUNCTION is_owner(text) RETURNS boolean LANGUAGE sql AS 'SELECT EXISTS (SELECT FROM public.owners WHERE name = $1)';
      ALTER TABLE modules ADD COLUMN owner text DEFAULT 'x' CHECK (is_owner(owner))`);
    assert.match(
      await refused(),
      /violates check constraint[\s\S]+pg_restore failed\nthe archive cannot be restored\n$/,
    );
    await accepted({ VERIFY: "readable" });
  });

  it("is compared with the moment of the dump, whatever users write meanwhile", async () => {
    const write = `psql -Xqc "INSERT INTO modules VALUES ('d')"`;
    await wrap("pg_dump", `if [ "$1" != --version ]; then ${write}; fi; "$real" "$@"`);
    await accepted();
    assert.equal((await instance.query("SELECT FROM modules")).length, 4, "a row was written meanwhile");
  });

  it("has no use for a scratch database that a killed run has left", async () => {
    await asRole(`CREATE DATABASE ${scratch}`);
    await accepted();
    await asRole(`CREATE DATABASE ${scratch}`);
    await accepted({ VERIFY: "readable" });
  });

  it("leaves no scratch database where it is ended in the middle", async () => {
    await wrap("pg_restore", `case "$*" in *--dbname*) exec sleep 20 ;; esac; "$real" "$@"`);
    const text = await refused({ UNDER: "timeout --foreground 4" });
    assert.match(text, /restoring the archive into the scratch database/);
  });

  it("fails where the dump fails", async () => {
    await wrap("pg_dump", "echo broken >&2; exit 1");
    assert.match(await refused(), /broken\npg_dump failed\n$/);
  });

  it("is not tried by a role that may not create databases, which is found before anything is deployed", async () => {
    assert.deepEqual(await run(checkScript, { BESIDE: "true" }), { ok: true, text: "" });
    await instance.query(`ALTER ROLE ${instance.database} NOCREATEDB`);
    assert.deepEqual(await run(checkScript, { BESIDE: "true" }), {
      ok: false,
      text: `the role ${instance.database} may not create databases; allow it with: ALTER ROLE "${instance.database}" CREATEDB\n`,
    });
    assert.deepEqual(await run(checkScript, { BESIDE: "false" }), { ok: true, text: "" });
  });
});
