import assert from "node:assert/strict";
import { exec } from "../../../../sandbox/exec";
import { createInstance, type Instance } from "../../../../sandbox/instance";
import { Stack } from "../../../../sandbox/stack";

describe("a database that was restored by hand", function () {
  this.timeout("8m");
  let instance: Instance;
  let stack: Stack;

  const psql = (database: string, ...statements: string[]) =>
    exec("psql", ["-d", database, "-At", ...statements.flatMap((sql) => ["-c", sql])], { env: instance.env });
  const kubectl = (...args: string[]) =>
    exec("kubectl", ["-n", instance.namespace, ...args], { env: instance.env });
  const rows = async () =>
    (await psql(instance.database, "SELECT name FROM modules ORDER BY id")).trim().split("\n");
  const stopPods = async () => {
    await kubectl("scale", "deployment,statefulset", "--all", "--replicas=0");
    await kubectl("wait", "pod", "--all", "--for=delete", "--timeout=120s");
  };

  before(async () => {
    instance = await createInstance("byhand");
    await instance.makeClaim("bsr-snapshots");
    stack = await Stack.create("byhand", instance, {
      version: "1.2.0",
      snapshot: { pgDump: { image: instance.env["BSR_SANDBOX_POSTGRES_IMAGE"] } },
    });
    const installed = await stack.up();
    assert.ok(installed.ok, installed.text);
    await instance.query("INSERT INTO modules (name, content) VALUES ('before', 'x')");
    // A copy by hand, as a cloud's point-in-time restore would bring it.
    await stopPods();
    await psql("postgres", `CREATE DATABASE "${instance.database}_copy" TEMPLATE "${instance.database}"`);
    stack.configure({ version: "1.3.1" });
    const bumped = await stack.up();
    assert.ok(bumped.ok, bumped.text);
    await instance.query("INSERT INTO modules (name, content) VALUES ('since', 'y')");
  });

  after(async () => {
    await psql("postgres", `DROP DATABASE IF EXISTS "${instance.database}_before" WITH (FORCE)`);
    await stack.remove();
    await instance.close();
  });

  it("is not accepted with another schema version than the one that is read", async () => {
    await stopPods();
    await psql(
      "postgres",
      `ALTER DATABASE "${instance.database}" RENAME TO "${instance.database}_before"`,
      `ALTER DATABASE "${instance.database}_copy" RENAME TO "${instance.database}"`,
    );
    stack.configure({ version: "1.2.0", restoredTo: "1.2.0,238" });
    const up = await stack.up();
    assert.ok(!up.ok);
    assert.match(up.text, /the database has schema version 239, and restoredTo says 238/);
    assert.equal((await stack.outputs())["highWaterMark"], "1.3.1");
  });

  it("is accepted where the schema version is the one told, and its version is deployed on it", async () => {
    stack.configure({ restoredTo: "1.2.0,239" });
    const preview = await stack.preview();
    assert.ok(preview.ok, preview.text);
    assert.match(
      preview.text,
      /accept the database that was restored by hand, of 1\.2\.0 \(schema version 239\)/,
    );
    const up = await stack.up();
    assert.ok(up.ok, up.text);
    await instance.answers();
    assert.deepEqual(await rows(), ["before"]);
    const outputs = await stack.outputs();
    assert.deepEqual(
      [outputs["deployedVersion"], outputs["schemaOwner"], outputs["highWaterMark"]],
      ["1.2.0", "1.2.0", "1.2.0"],
    );
  });

  it("is not accepted a second time", async () => {
    const again = await stack.preview({ args: ["--expect-no-changes"] });
    assert.ok(again.ok, again.text);
  });
});
