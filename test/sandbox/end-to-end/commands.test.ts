import assert from "node:assert/strict";
import type { Status } from "../../../cli/status/status";
import { exec } from "../../../sandbox/exec";
import { createInstance, type Instance } from "../../../sandbox/instance";
import { Stack } from "../../../sandbox/stack";
import { run } from "../../cli/run";
import { Mirror } from "./mirror";

describe("bsr status and bsr releases", function () {
  this.timeout("8m");
  let instance: Instance;
  let mirror: Mirror;
  let stack: Stack;

  before(async () => {
    instance = await createInstance("commands");
    mirror = new Mirror(instance);
    for (const version of ["1.11.0", "1.13.0"]) await mirror.publish(version);
    await mirror.publish("1.12.1", { omitImages: ["bufd"] });
    stack = await Stack.create("commands", instance, { version: "1.11.0", chart: mirror.chart });
  });

  after(async () => {
    await stack.remove();
    await instance.close();
  });

  function asked(...args: string[]) {
    const kubeconfig = instance.env["KUBECONFIG"] ?? "";
    return run(["status", "--kubeconfig", kubeconfig, "--namespace", instance.namespace, ...args]);
  }

  async function status(): Promise<{ readonly exit: number; readonly told: Status }> {
    const { status: exit, stdout, stderr } = await asked("--json");
    assert.equal(stderr, "");
    return { exit, told: JSON.parse(stdout) as Status };
  }

  const pods = ({ workloads }: Status, name: string) =>
    workloads
      .find((workload) => workload.name === name)
      ?.pods.map(({ version, template, ready }) => `${version} ${template} ${ready ? "ready" : "not ready"}`)
      .sort();

  it("says that nothing is deployed yet", async () => {
    const { exit, told } = await status();
    assert.deepEqual([exit, told.attention[0]?.code], [5, "not-deployed"]);
  });

  it("tells a healthy instance, with its schema version as the status page has it", async () => {
    const up = await stack.up();
    assert.ok(up.ok, up.text);
    const { exit, told } = await status();
    assert.deepEqual([exit, told.state, told.attention], [0, "healthy", []]);
    assert.deepEqual([told.deployed?.version, told.live?.version, told.settled], ["1.11.0", "1.11.0", true]);
    assert.deepEqual(told.schemaVersion, { source: "status-page", current: 298, target: 298 });
    assert.match(told.database ?? "", new RegExp(`/${instance.database}$`));
    assert.ok(told.recorded);
    assert.ok(
      pods(told, "bufd")?.every((pod) => pod === "1.11.0 current ready"),
      JSON.stringify(told.workloads),
    );
    assert.deepEqual(told.statusPage?.pods.length, pods(told, "bufd")?.length);
  });

  it("tells that a run is at work, and by whom, in the middle of a transition", async () => {
    stack.configure({ version: "1.13.0" });
    const seen: Awaited<ReturnType<typeof status>>[] = [];
    const walking = stack.up();
    // Whatever is found wrong meanwhile, the run is over before the next test begins.
    const over = walking.then(() => true);
    const aMoment = () => new Promise((resolve) => setTimeout(() => resolve(false), 2000));
    try {
      do seen.push(await status());
      while (!(await Promise.race([over, aMoment()])));
    } finally {
      await over;
    }
    const up = await walking;
    assert.ok(!up.ok, up.text);
    const held = seen.find(({ told }) => told.live?.version === "1.12.1" && told.lease?.state === "held");
    assert.ok(held !== undefined, JSON.stringify(seen.at(-1)));
    assert.deepEqual([held.exit, held.told.attention], [4, []]);
    assert.match(held.told.transition ?? "", new RegExp(`${stack.name}.+ works on it since `));
    assert.deepEqual([held.told.deployed?.version, held.told.attempted?.version], ["1.11.0", "1.12.1"]);
  });

  it("tells after a failed hop what is left of which version, why, and what to do", async () => {
    const { exit, told } = await status();
    assert.equal(exit, 5);
    assert.deepEqual(
      told.attention.map(({ code }) => code),
      ["not-verified", "not-ready"],
    );
    assert.match(told.attention[1]?.found ?? "", /bufd-\S+: (ImagePullBackOff|ErrImagePull)/);
    assert.equal(told.lease, null);
    assert.deepEqual(
      [told.deployed?.version, told.schemaOwner, told.highWaterMark],
      ["1.11.0", "1.12.1", "1.12.1"],
    );
    const bufd = pods(told, "bufd");
    assert.ok(bufd?.includes("1.12.1 current not ready"), JSON.stringify(bufd));
    assert.ok(bufd?.includes("1.11.0 older ready"), JSON.stringify(bufd));
    const { stdout } = await asked();
    assert.match(stdout, /\n\nNext: fix the cause, then run pulumi up: it goes on there\n$/);
  });

  it("still tells the record after the release was uninstalled", async () => {
    await exec("helm", ["uninstall", "bsr", "-n", instance.namespace], { env: instance.env });
    const { exit, told } = await status();
    assert.deepEqual([exit, told.attention[0]?.code, told.recorded], [5, "not-deployed", true]);
    assert.deepEqual([told.deployed, told.schemaOwner, told.highWaterMark], [null, "1.12.1", "1.12.1"]);
  });

  it("finds a release in a repository that the table does not have, and what a mirror lacks", async () => {
    await mirror.publish("1.99.0", { databaseVersion: 400 });
    const { status: exit, stdout } = await run(["releases", "--check", "--chart", mirror.chart, "--json"]);
    const { missing, absent, ignored } = JSON.parse(stdout) as Record<string, string[]>;
    assert.deepEqual([exit, missing, ignored], [0, ["1.99.0"], []]);
    assert.ok(absent?.includes("1.12.0") && !absent.includes("1.12.1"), absent?.join(" "));
  });

  it("finds the sandbox's repository complete", async () => {
    const chart = instance.env["BSR_SANDBOX_CHART"] ?? "";
    const { stdout } = await run(["releases", "--check", "--chart", chart]);
    assert.equal(stdout, `The table has every release of ${chart}.\n`);
  });
});
