import assert from "node:assert/strict";
import { exec } from "../../../../sandbox/exec";
import { createInstance, type Instance } from "../../../../sandbox/instance";
import { Stack } from "../../../../sandbox/stack";
import { helmHistory, record } from "../../../sandbox/end-to-end/helm";
import { Mirror } from "../../../sandbox/end-to-end/mirror";
import { upUnderLoad, versions } from "../../../sandbox/end-to-end/under-load";

describe("a way down whose owner cannot be run as its pods were", function () {
  this.timeout("20m");
  let instance: Instance;
  let mirror: Mirror;
  let stack: Stack;

  const kubectl = (...args: string[]) =>
    exec("kubectl", ["-n", instance.namespace, ...args], { env: instance.env });
  const makeSecret = () => kubectl("create", "secret", "generic", "own-ca", "--from-literal=ca.crt=none");

  before(async () => {
    instance = await createInstance("ownergone");
    mirror = new Mirror(instance);
    await mirror.publish("1.8.3");
    await mirror.publish("1.9.1");
    await makeSecret();
    const values = {
      ...instance.values,
      bufd: {
        deployment: {
          extraVolumes: [{ name: "own-ca", secret: { secretName: "own-ca" } }],
          extraVolumeMounts: [{ name: "own-ca", mountPath: "/etc/own-ca" }],
        },
      },
    };
    stack = await Stack.create("ownergone", instance, { version: "1.9.1", chart: mirror.chart, values });
    const { ok, text } = await stack.up();
    assert.ok(ok, text);
    await instance.answers();
    stack.configure({ version: "1.8.3" });
  });

  after(async () => {
    await stack.remove();
    await instance.close();
  });

  const nothingWasDeployed = async (text: string) => {
    assert.match(text, /left: nothing was deployed; what is live goes on serving/);
    assert.deepEqual(await helmHistory(instance), ["1.9.1 deployed"]);
    assert.equal(await instance.schemaVersion(), 286);
  };

  it("deploys nothing where a Secret is gone that is no part of the chart, and names it", async () => {
    await kubectl("delete", "secret", "own-ca");
    const { ok, text } = await stack.up();
    assert.ok(!ok, text);
    assert.match(
      text,
      /with the binary of 1\.9\.1: its pod did not start: FailedMount: .*secret "own-ca" not found/,
    );
    await nothingWasDeployed(text);
    await makeSecret();
  });

  it("deploys nothing where the image is gone, and names it", async () => {
    await mirror.forgetImage("bufd", "1.9.1");
    const { ok, text } = await stack.up();
    assert.ok(!ok, text);
    assert.match(
      text,
      /with the binary of 1\.9\.1: its pod did not start: (ErrImagePull|ImagePullBackOff): .*bufd:1\.9\.1/,
    );
    await nothingWasDeployed(text);
    await mirror.publish("1.9.1");
  });

  it("stops before the first migration where the image goes after the rehearsal; the target serves", async () => {
    let forgotten: Promise<void> | undefined;
    const { up, report } = await upUnderLoad(instance, stack, {
      onLine: (line) => {
        if (line.includes("1.9.1 can migrate the database down"))
          forgotten ??= mirror.forgetImage("bufd", "1.9.1");
      },
    });
    await forgotten;
    assert.ok(!up.ok, up.text);
    assert.equal(report.failed, 0, JSON.stringify(report.examples));
    assert.match(
      up.text,
      /was not migrated down to 281 with the binary of 1\.9\.1: its pod did not start: \w+: .*bufd:1\.9\.1/,
    );
    assert.match(up.text, /left: 1\.8\.3 is deployed and serves/);
    assert.equal(await instance.schemaVersion(), 286);
    assert.equal((await record(instance)).schemaOwner, "1.9.1");
  });

  it("goes on once the image is there again", async () => {
    await mirror.publish("1.9.1");
    const { ok, text } = await stack.up();
    assert.ok(ok, text);
    assert.equal(await instance.schemaVersion(), 281);
    assert.deepEqual(await versions(stack), ["1.8.3", "1.8.3", "1.9.1"]);
  });
});
