import assert from "node:assert/strict";
import { exec } from "../../../../sandbox/exec";
import { createInstance, type Instance } from "../../../../sandbox/instance";
import { Stack } from "../../../../sandbox/stack";
import { helmHistory, record } from "../../../sandbox/end-to-end/helm";

/** As where somebody restores an older database in its place, or lets its host lead to another server, and says nothing. */
describe("another database behind the same configuration", function () {
  this.timeout("8m");
  let instance: Instance;
  let stack: Stack;

  const sql = (...statements: string[]) =>
    exec("psql", ["-d", "postgres", "-At", ...statements.flatMap((one) => ["-c", one])], {
      env: instance.env,
    });
  const kubectl = (...args: string[]) =>
    exec("kubectl", ["-n", instance.namespace, ...args], { env: instance.env });

  before(async () => {
    instance = await createInstance("replaced");
    await instance.makeClaim("bsr-snapshots");
    stack = await Stack.create("replaced", instance, { version: "1.12.1" });
    const installed = await stack.up();
    assert.ok(installed.ok, installed.text);
    await kubectl("scale", "deployment,statefulset", "--all", "--replicas=0");
    await kubectl("wait", "pod", "--all", "--for=delete", "--timeout=120s");
    const { database } = instance;
    await sql(`CREATE DATABASE "${database}_copy" TEMPLATE "${database}" OWNER "${database}"`);
    stack.configure({ version: "1.13.0" });
    const bumped = await stack.up();
    assert.ok(bumped.ok, bumped.text);
  });

  after(async () => {
    await sql(`DROP DATABASE IF EXISTS "${instance.database}_newer" WITH (FORCE)`);
    await stack.remove();
    await instance.close();
  });

  it("gets no deploy: 1.14.0 would take it over two minors", async () => {
    const { database } = instance;
    await sql(
      `ALTER DATABASE "${database}" ALLOW_CONNECTIONS false`,
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '${database}'`,
      `ALTER DATABASE "${database}" RENAME TO "${database}_newer"`,
      `ALTER DATABASE "${database}_copy" RENAME TO "${database}"`,
    );
    stack.configure({ version: "1.14.0" });
    const before = await helmHistory(instance);
    const up = await stack.up();
    assert.ok(!up.ok, up.text);
    assert.match(
      up.text,
      /the database was replaced, or migrated by hand: it has schema version 299, and had 301 when 1\.13\.0 was verified/,
    );
    assert.match(up.text, /restoredTo "<version>,299"/);
    assert.deepEqual(await helmHistory(instance), before);
    assert.equal((await record(instance)).highWaterMark, "1.13.0");
  });

  it("is accepted as the error says, and walked from there", async () => {
    const snapshot = { pgDump: { image: instance.env["BSR_SANDBOX_POSTGRES_IMAGE"] } };
    stack.configure({ version: "1.12.1", restoredTo: "1.12.1,299", snapshot });
    const accepted = await stack.up();
    assert.ok(accepted.ok, accepted.text);
    stack.configure({ version: "1.14.0", restoredTo: undefined });
    const walked = await stack.up();
    assert.ok(walked.ok, walked.text);
    const { deployedVersion, schemaOwner } = await stack.outputs();
    assert.deepEqual([deployedVersion, schemaOwner], ["1.14.0", "1.14.0"]);
  });
});
