import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { exec } from "../../../../sandbox/exec";
import { createInstance, type Instance } from "../../../../sandbox/instance";
import { Stack } from "../../../../sandbox/stack";
import { helmHistory, record } from "../../../sandbox/end-to-end/helm";

interface Recorded {
  readonly snapshots: readonly Readonly<Record<string, unknown>>[];
  readonly restores: readonly { readonly snapshot: string; readonly kept: string }[];
}

/** Goose's newest row that is applied. */
const schemaVersion = "SELECT max(version_id) FROM goose_db_version WHERE is_applied";

/** The user's commands: archives in a folder, with the environment's Postgres, as `snapshot.command` has them. */
const take = `
  place="$SNAPSHOTS/$BSR_SNAPSHOT_ID.dump"
  database=\${BSR_DATABASE##*/}
  pg_dump --format=custom --file="$place" "$database"
  echo "dumped $database of $BSR_VERSION, maintenance: $BSR_MAINTENANCE" >&2
  version=$(psql -XAtqd "$database" -c "${schemaVersion}")
  echo "{\\"place\\":\\"$place\\",\\"bytes\\":$(wc -c < "$place"),\\"schemaVersion\\":$version}"`;

// The first look comes too soon, as with a cloud's snapshot.
const check = `
  if [ ! -e "$BSR_SNAPSHOT_PLACE.asked" ]; then touch "$BSR_SNAPSHOT_PLACE.asked"; echo creating; exit 1; fi
  pg_restore --list "$BSR_SNAPSHOT_PLACE" > /dev/null`;

const restore = `
  database=\${BSR_DATABASE##*/}
  kept="$database"_before
  owner=$(psql -XAtqd postgres -c "SELECT pg_get_userbyid(datdba) FROM pg_database WHERE datname = '$database'")
  createdb --owner="$owner" --template=template0 "$database"_beside
  pg_restore --exit-on-error --dbname="$database"_beside "$BSR_SNAPSHOT_PLACE"
  psql -Xqd postgres -v ON_ERROR_STOP=1 >&2 <<SQL
    ALTER DATABASE "$database" RENAME TO "$kept";
    ALTER DATABASE "\${database}_beside" RENAME TO "$database";
SQL
  echo "{\\"kept\\":\\"database $kept\\",\\"schemaVersion\\":$(psql -XAtqd "$database" -c "${schemaVersion}")}"`;

describe("the way back with the user's own commands", function () {
  this.timeout("8m");
  let instance: Instance;
  let stack: Stack;
  let folder: string;
  let rowsOfSnapshot: string;

  const rows = async (database = instance.database) => {
    const sql =
      "SELECT 'module', id::text, name, content FROM modules UNION ALL SELECT 'setting', name, value, '' FROM settings ORDER BY 1, 2";
    return (await exec("psql", ["-d", database, "-Atc", sql], { env: instance.env })).trim();
  };
  const recorded = async () => (await record(instance)) as unknown as Recorded;
  const shell = (script: string) => ["sh", "-ec", script.replaceAll("$SNAPSHOTS", folder)];

  before(async () => {
    instance = await createInstance("rcommand");
    folder = mkdtempSync(join(tmpdir(), "snapshots-"));
    stack = await Stack.create("rcommand", instance, {
      version: "1.2.0",
      snapshot: {
        command: { take: shell(take), check: shell(check), restore: shell(restore), intervalSeconds: 1 },
      },
    });
    const installed = await stack.up();
    assert.ok(installed.ok, installed.text);
    assert.deepEqual(readdirSync(folder), [], "an install has nothing to lose");
    await instance.query("INSERT INTO modules (name, content) VALUES ('before', 'x')");
    // The migration to 241, the last one of 1.3.1's, makes a row of this name.
    await instance.query("INSERT INTO settings VALUES ('limit_241', 'somebody else')");
    rowsOfSnapshot = await rows();
  });

  after(async () => {
    await stack.remove();
    await instance.close();
    rmSync(folder, { recursive: true, force: true });
  });

  it("takes a snapshot before an upgrade, whose migration then breaks half-way", async () => {
    stack.configure({ version: "1.3.1", deployTimeoutSeconds: 20 });
    const up = await stack.up();
    stack.configure({ deployTimeoutSeconds: undefined });
    assert.ok(!up.ok);
    assert.match(up.text, /snapshot not available yet: creating/);
    assert.match(up.text, /1\.3\.1 was deployed but not verified/);
    assert.match(up.text, /migrating the database up: .*version:241/);
    assert.equal(await instance.schemaVersion(), 240);
    await instance.query("INSERT INTO modules (name, content) VALUES ('since', 'y')");

    const { snapshots } = await recorded();
    assert.equal(snapshots.length, 1);
    const { id, place, bytes, sha256, ...taken } = snapshots[0] ?? {};
    assert.equal(place, join(folder, `${String(id)}.dump`));
    assert.ok(typeof bytes === "number" && bytes > 0);
    assert.equal(sha256, null);
    const {
      method,
      version,
      schemaVersion: schema,
      schemaOwner,
      highWaterMark,
      maintenance,
      verified,
    } = taken;
    assert.deepEqual(
      { method, version, schema, schemaOwner, highWaterMark, maintenance, verified },
      {
        method: "command",
        version: "1.2.0",
        schema: 239,
        schemaOwner: "1.2.0",
        highWaterMark: "1.2.0",
        maintenance: false,
        verified: "available",
      },
    );
  });

  it("brings back exactly the rows of the snapshot, and what was there is kept", async () => {
    const [taken] = (await recorded()).snapshots;
    const rowsOfBefore = await rows();
    stack.configure({ version: "1.2.0", restore: taken?.["id"] });
    const up = await stack.up();
    assert.ok(up.ok, up.text);
    assert.equal(await rows(), rowsOfSnapshot);
    assert.equal(await rows(`${instance.database}_before`), rowsOfBefore);
    assert.equal(await instance.schemaVersion(), 239);
    assert.equal((await helmHistory(instance)).at(-1), "1.2.0 deployed");
    await instance.answers();
    assert.equal((await fetch(`${instance.url}/v1/modules?limit=1`)).status, 200);
  });

  it("has the restore on record, and the snapshot's owner and mark", async () => {
    const { restores, snapshots } = await recorded();
    assert.deepEqual(
      restores.map(({ snapshot, kept }) => ({ snapshot, kept })),
      [{ snapshot: snapshots[0]?.["id"], kept: `database ${instance.database}_before` }],
    );
    const outputs = await stack.outputs();
    assert.deepEqual(
      [outputs["deployedVersion"], outputs["schemaOwner"], outputs["highWaterMark"]],
      ["1.2.0", "1.2.0", "1.2.0"],
    );
  });

  it("has nothing to do afterwards", async () => {
    const preview = await stack.preview({ args: ["--expect-no-changes"] });
    assert.ok(preview.ok, preview.text);
  });
});
