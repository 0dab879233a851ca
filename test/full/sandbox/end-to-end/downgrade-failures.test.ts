import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import { Client } from "pg";
import { exec } from "../../../../sandbox/exec";
import { createInstance, type Instance } from "../../../../sandbox/instance";
import { pgDumpFor } from "../../../../sandbox/snapshot-method";
import { Stack, type Run } from "../../../../sandbox/stack";
import { helmHistory, record } from "../../../sandbox/end-to-end/helm";
import { jobsLeft, noJobIsLeft } from "../../../sandbox/end-to-end/jobs";
import { Mirror } from "../../../sandbox/end-to-end/mirror";
import { upUnderLoad, versions } from "../../../sandbox/end-to-end/under-load";

const kubectl = ({ namespace, env }: Instance, ...args: string[]) =>
  exec("kubectl", ["-n", namespace, ...args], { env });

function succeeded({ ok, text }: Run): string {
  assert.ok(ok, text);
  return text;
}

function failed({ ok, text }: Run): string {
  assert.ok(!ok, text);
  return text;
}

const succeeds = async (up: Promise<Run>) => succeeded(await up);
const fails = async (up: Promise<Run>) => failed(await up);

describe("a failed upgrade that is taken back", function () {
  this.timeout("20m");
  let instance: Instance;
  let mirror: Mirror;
  let stack: Stack;

  before(async () => {
    instance = await createInstance("takeback");
    mirror = new Mirror(instance);
    await mirror.publish("1.8.3");
    // bufd starts and migrates; the web page never does.
    await mirror.publish("1.9.1", { omitImages: ["frontend"] });
    stack = await Stack.create("takeback", instance, { version: "1.8.3", chart: mirror.chart });
    await succeeds(stack.up());
    await instance.answers();
  });

  after(async () => {
    await stack.remove();
    await instance.close();
  });

  it("has migrated the database, though its deploy is not verified", async () => {
    stack.configure({ version: "1.9.1" });
    const text = await fails(stack.up());
    assert.match(text, /1\.9\.1 was deployed but not verified: its pods cannot become ready/);
    assert.equal(await instance.schemaVersion(), 286);
  });

  it("migrates down with the binary of the attempted version, and no request fails", async () => {
    stack.configure({ version: "1.8.3" });
    const preview = await stack.preview();
    assert.ok(preview.ok, preview.text);
    assert.match(preview.text, /1\. deploy 1\.8\.3/);
    assert.match(preview.text, /2\. migrate the database down to 281 with the binary of 1\.9\.1/);
    const { up, report } = await upUnderLoad(instance, stack);
    const text = succeeded(up);
    assert.equal(report.failed, 0, JSON.stringify(report.examples));
    assert.match(text, /migratedownto: migrating the database down from 286 to 281/);
    assert.equal(await instance.schemaVersion(), 281);
    assert.deepEqual(await versions(stack), ["1.8.3", "1.8.3", "1.9.1"]);
  });

  it("is not taken back blindly where its migrations broke half-way: what reads the schema version is asked for", async () => {
    // The migration to 285 makes a row of this name.
    await instance.query("INSERT INTO settings VALUES ('limit_285', 'somebody else')");
    stack.configure({ version: "1.9.1" });
    await fails(stack.up());
    assert.equal(await instance.schemaVersion(), 284);

    stack.configure({ version: "1.8.3" });
    const revisions = await helmHistory(instance);
    const text = await fails(stack.up());
    assert.match(text, /left: nothing was deployed/);
    assert.match(
      text,
      /The schema version of 1\.9\.1 was taken for that of the database; with snapshot\.pgDump it is read/,
    );
    assert.deepEqual(await helmHistory(instance), revisions);
    assert.equal(await instance.schemaVersion(), 284);
  });

  it("is taken back from half-way once it can be read", async () => {
    stack.configure({ snapshot: await pgDumpFor(instance) });
    const text = await succeeds(stack.up());
    assert.match(text, /rehearsing migratedownto with the binary of 1\.9\.1, at schema version 284/);
    assert.match(text, /migratedownto: migrating the database down from 284 to 281/);
    assert.equal(await instance.schemaVersion(), 281);
    assert.deepEqual(await versions(stack), ["1.8.3", "1.8.3", "1.9.1"]);
  });
});

describe("a failed upgrade whose image cannot be pulled", function () {
  this.timeout("20m");
  let instance: Instance;
  let stack: Stack;

  before(async () => {
    instance = await createInstance("nobinary");
    const mirror = new Mirror(instance);
    await mirror.publish("1.12.1");
    await mirror.publish("1.13.0", { omitImages: ["bufd"] });
    stack = await Stack.create("nobinary", instance, { version: "1.12.1", chart: mirror.chart });
    await succeeds(stack.up());
    await instance.answers();
    stack.configure({ version: "1.13.0" });
    await fails(stack.up());
  });

  after(async () => {
    await stack.remove();
    await instance.close();
  });

  it("is taken back without its binary, as the status page tells that it never migrated", async () => {
    assert.equal((await record(instance)).schemaOwner, "1.13.0");
    stack.configure({ version: "1.12.1" });
    const { up, report } = await upUnderLoad(instance, stack);
    const text = succeeded(up);
    assert.equal(report.failed, 0, JSON.stringify(report.examples));
    assert.match(text, /schema version 299: there is nothing to migrate down, so 1\.13\.0 is not needed/);
    assert.equal(await instance.schemaVersion(), 299);
    assert.deepEqual(await versions(stack), ["1.12.1", "1.12.1", "1.13.0"]);
    assert.deepEqual(await helmHistory(instance), [
      "1.12.1 superseded",
      "1.13.0 superseded",
      "1.12.1 deployed",
    ]);
  });
});

describe("a way down that fails", function () {
  this.timeout("20m");
  let instance: Instance;
  let stack: Stack;

  before(async () => {
    instance = await createInstance("downfail");
    stack = await Stack.create("downfail", instance, { version: "1.9.1" });
    await succeeds(stack.up());
    await instance.answers();
  });

  after(async () => {
    await stack.remove();
    await instance.close();
  });

  const nothingWasDeployed = async (text: string) => {
    assert.match(text, /left: nothing was deployed; what is live goes on serving/);
    assert.match(text, /do: +fix the cause, then run pulumi up again: it rehearses again/);
    assert.deepEqual(await helmHistory(instance), ["1.9.1 deployed"]);
    await noJobIsLeft(instance);
    assert.equal(await instance.schemaVersion(), 286);
  };

  it("deploys nothing when no pod has the container that is to run bufd", async () => {
    stack.configure({ version: "1.8.3", migrateDown: { container: "registry" } });
    const text = await fails(stack.up());
    assert.match(
      text,
      /could not be migrated down to 281 with the binary of 1\.9\.1: the manifest of 1\.9\.1/,
    );
    assert.match(text, /no workload with a container registry \(.*Deployment bufd: bufd/);
    await nothingWasDeployed(text);
  });

  it("deploys nothing when the rehearsal fails, and tells why", async () => {
    stack.configure({ migrateDown: { command: ["/usr/local/bin/bufd-migrate"] } });
    const text = await fails(stack.up());
    assert.match(text, /could not be migrated down to 281 .*bufd-migrate.*no such file or directory/);
    await nothingWasDeployed(text);
  });

  it("stops at the third of five migrations, with the target on a database that it can serve on", async () => {
    // The migration down to 283 drops this column.
    await instance.query("CREATE VIEW report AS SELECT field_284 FROM modules");
    stack.configure({ migrateDown: undefined });
    const { up, report } = await upUnderLoad(instance, stack);
    const text = failed(up);
    assert.equal(report.failed, 0, JSON.stringify(report.examples));
    assert.match(
      text,
      /was not migrated down to 281 with the binary of 1\.9\.1: .*cannot drop column field_284/,
    );
    assert.match(text, /left: 1\.8\.3 is deployed and serves/);
    assert.match(text, /do: +fix the cause, then run pulumi up again: it goes on at the schema version/);
    assert.equal(await instance.schemaVersion(), 284);
    assert.deepEqual(await helmHistory(instance), ["1.9.1 superseded", "1.8.3 deployed"]);
    assert.equal((await record(instance)).schemaOwner, "1.9.1");
    assert.ok((await jobsLeft(instance)).includes("job.batch/bsr-down-1-9-1-281"), "the failed Job is gone");
  });

  it("goes on from there once the cause is mended", async () => {
    await instance.query("DROP VIEW report");
    const text = await succeeds(stack.up());
    // No status page and no snapshot.pgDump: a rehearsal at the owner's own schema version could only fail now.
    assert.match(text, /1\.8\.3 is deployed already, and the schema version is unknown: not rehearsed again/);
    assert.match(text, /migratedownto: migrating the database down from 284 to 281/);
    assert.equal(await instance.schemaVersion(), 281);
    assert.deepEqual(await versions(stack), ["1.8.3", "1.8.3", "1.9.1"]);
    await noJobIsLeft(instance);
  });

  it("makes the service account again that is gone, and takes it away before anything is deployed", async () => {
    stack.configure({ version: "1.9.1" });
    await succeeds(stack.up());
    await kubectl(instance, "delete", "serviceaccount", "bufd-service-account");
    const lock = new Client({ ...connectionOf(instance), database: instance.database });
    await lock.connect();
    await lock.query("BEGIN");
    // Keeps the first migration down from dropping it. No request of 1.8.3 reads this table.
    await lock.query("LOCK TABLE feature_286 IN ACCESS SHARE MODE");

    stack.configure({ version: "1.8.3" });
    const failing = fails(stack.up());
    try {
      await jobPod(instance);
      await kubectl(instance, "delete", "pod", "-l", "batch.kubernetes.io/job-name=bsr-down-1-9-1-281");
      const text = await failing;
      assert.match(text, /1\.9\.1 can migrate the database down to 281/);
      assert.match(text, /was not migrated down to 281 with the binary of 1\.9\.1: its pod was deleted/);
    } finally {
      await lock.end();
    }
    assert.equal(await instance.schemaVersion(), 286);
    const account = await kubectl(instance, "get", "serviceaccount", "bufd-service-account", "-o", "yaml");
    assert.doesNotMatch(account, /ownerReferences/);
  });

  it("goes on after the Job's pod was killed, once all that belonged to that Job is gone", async () => {
    // Stands for a garbage collector that has much to do.
    const copy = ["patch", "configmap", "bsr-down-1-9-1-281-bufd-config", "--type=merge", "-p"];
    const finalizers = (names: string[]) =>
      kubectl(instance, ...copy, JSON.stringify({ metadata: { finalizers: names } }));
    await finalizers(["example.com/slow"]);
    let released: Promise<unknown> | undefined;
    const up = stack.up({
      onLine: (line) => {
        if (line.includes("waiting for bsr-down-1-9-1-281-bufd-config to go")) released ??= finalizers([]);
      },
    });
    const ended = await up;
    // Whatever came of it: the namespace could never be deleted.
    await (released ?? finalizers([]));
    assert.ok(ended.ok, ended.text);
    assert.ok(released !== undefined, "the next Job did not wait for what belonged to the one before");
    assert.equal(await instance.schemaVersion(), 281);
    assert.deepEqual(await versions(stack), ["1.8.3", "1.8.3", "1.9.1"]);
    await noJobIsLeft(instance);
  });
});

function connectionOf({ env }: Instance) {
  return {
    host: env["PGHOST"],
    port: Number(env["PGPORT"]),
    user: env["PGUSER"],
    password: env["PGPASSWORD"],
  };
}

/** Waits until the Job's pod is at work. */
async function jobPod(instance: Instance): Promise<void> {
  const selector = ["-l", "batch.kubernetes.io/job-name=bsr-down-1-9-1-281"];
  const end = Date.now() + 600_000;
  while (Date.now() < end) {
    const phases = await kubectl(
      instance,
      "get",
      "pods",
      ...selector,
      "-o",
      "jsonpath={.items[*].status.phase}",
    );
    if (phases === "Running") return;
    await sleep(500);
  }
  throw new Error("the Job that migrates down has not begun");
}

describe("pods of the newer release that do not go", function () {
  this.timeout("20m");
  let instance: Instance;
  let stack: Stack;

  before(async () => {
    instance = await createInstance("newerstay");
    const mirror = new Mirror(instance);
    await mirror.publish("1.8.3");
    await mirror.publish("1.9.1", {
      editChart: (files) => {
        const path = "templates/bufd.yaml";
        const text = files.get(path) ?? "";
        const edited = text
          .replace("terminationGracePeriodSeconds: 15", "terminationGracePeriodSeconds: 1800")
          .replace(
            "          ports:",
            "          lifecycle: { preStop: { sleep: { seconds: 1700 } } }\n          ports:",
          );
        assert.notEqual(edited, text);
        files.set(path, edited);
      },
    });
    stack = await Stack.create("newerstay", instance, {
      version: "1.9.1",
      chart: mirror.chart,
    });
    await succeeds(stack.up());
    await instance.answers();
  });

  after(async () => {
    await stack.remove();
    await kubectl(instance, "delete", "pods", "--all", "--force", "--grace-period=0");
    await instance.close();
  });

  it("keep the database from being migrated down", async () => {
    stack.configure({ version: "1.8.3", deployTimeoutSeconds: 60 });
    const text = await fails(stack.up());
    assert.match(
      text,
      /1\.8\.3 was deployed but not verified: its rollout did not complete within 60 s: old pods left: bufd-/,
    );
    assert.match(text, /left: .*serving.*; nothing after this step was begun/);
    assert.equal(await instance.schemaVersion(), 286);
    // No Job, and what the next up needs for one: the pod of the owner, which nothing else can tell any more.
    assert.deepEqual(await jobsLeft(instance), ["secret/bsr-owner-1.9.1"]);
    assert.equal((await record(instance)).schemaOwner, "1.9.1");
  });

  it("are waited for again by the next up, and once they are gone the database follows", async () => {
    const pods = await kubectl(instance, "get", "pods", "-o", "json");
    const { items } = JSON.parse(pods) as {
      items: { metadata: { name: string; deletionTimestamp?: string } }[];
    };
    const terminating = items.filter(({ metadata }) => metadata.deletionTimestamp !== undefined);
    assert.ok(terminating.length > 0);
    const names = terminating.map(({ metadata }) => metadata.name);
    await kubectl(instance, "delete", "pod", ...names, "--force", "--grace-period=0");
    stack.configure({ deployTimeoutSeconds: undefined });
    await succeeds(stack.up());
    assert.equal(await instance.schemaVersion(), 281);
    assert.deepEqual(await versions(stack), ["1.8.3", "1.8.3", "1.9.1"]);
  });
});

describe("an installation on a database that was used, with no record left", function () {
  this.timeout("20m");
  let instance: Instance;
  let stack: Stack;

  before(async () => {
    instance = await createInstance("useddb");
    const first = await Stack.create("useddb", instance, { version: "1.8.3" });
    await succeeds(first.up());
    await first.remove();
    await exec("helm", ["uninstall", "bsr", "-n", instance.namespace, "--wait"], { env: instance.env });
    await kubectl(instance, "delete", "configmap,secret", "-l", "app.kubernetes.io/managed-by=pulumi-bsr");
    stack = await Stack.create("useddb", instance, {
      version: "1.9.1",
      snapshot: await pgDumpFor(instance),
    });
  });

  after(async () => {
    await stack.remove();
    await instance.close();
  });

  it("is refused with what is to be told, and installs nothing", async () => {
    const text = await fails(stack.up());
    assert.match(text, /the database was used before: it has schema version 281, 1\.9\.1 has 286/);
    assert.match(text, /left: nothing was deployed/);
    assert.match(text, /restoredTo "<version>,281"/);
    assert.deepEqual(await helmRevisions(instance), []);
    assert.equal(await instance.schemaVersion(), 281);
  });

  it("is accepted with what was asked for, and knows owner and mark from then on", async () => {
    stack.configure({ version: "1.8.3", restoredTo: "1.8.3,281" });
    await succeeds(stack.up());
    assert.equal(await instance.schemaVersion(), 281);
    assert.deepEqual(await versions(stack), ["1.8.3", "1.8.3", "1.8.3"]);
    const again = await stack.preview({ args: ["--expect-no-changes"] });
    assert.ok(again.ok, again.text);
  });
});

async function helmRevisions({ namespace, env }: Instance): Promise<string[]> {
  const text = await exec("helm", ["list", "-a", "-n", namespace, "-o", "json"], { env });
  return (JSON.parse(text) as { name: string }[]).map(({ name }) => name);
}
