import assert from "node:assert/strict";
import { createInstance, type Instance } from "../../../../sandbox/instance";
import { Stack, type Run } from "../../../../sandbox/stack";
import { withEdits } from "../../../sandbox/end-to-end/edit-chart";
import { helmHistory, record } from "../../../sandbox/end-to-end/helm";
import { hasNoJump, reached } from "../../../sandbox/end-to-end/kills/laws";
import { Mirror } from "../../../sandbox/end-to-end/mirror";

/** A hook that fails once everything of the chart is deployed: its pods run, and Helm calls the revision failed. */
const failing = withEdits(
  ["check.yaml", "pre-install,pre-upgrade", "post-upgrade"],
  ["check.yaml", "[/usr/local/bin/bufd, check]", "[/usr/local/bin/bufd, migratedownto, nothing]"],
);

/**
 * Pulumi remembers a failed deploy of the Release only until the next refresh: to Pulumi, it is at its version from then on.
 * Each test goes on where the one before stopped.
 */
describe("a refresh after a last deploy that Helm calls failed", function () {
  this.timeout("10m");
  let instance: Instance;
  let mirror: Mirror;
  let stack: Stack;

  before(async () => {
    instance = await createInstance("refresh");
    mirror = new Mirror(instance);
    await mirror.publish("1.1.0");
    stack = await Stack.create("refresh", instance, { version: "1.1.0", chart: mirror.chart });
    isDone(await stack.up());
  });

  after(async () => {
    await stack.remove();
    await instance.close();
  });

  function isDone(run: Run): void {
    assert.ok(run.ok, run.text);
  }

  /** The last deploy, to this version, fails; afterwards its cause is gone. */
  async function failsAt(version: string): Promise<void> {
    await mirror.publish(version, { editChart: failing });
    stack.configure({ version });
    const up = await stack.up();
    assert.ok(!up.ok, up.text);
    assert.match(up.text, /post-upgrade hooks failed/);
    assert.equal((await helmHistory(instance)).at(-1), `${version} failed`);
    assert.notEqual((await record(instance)).verified.version, version);
    await mirror.publish(version);
  }

  /** What Pulumi remembers of the failed deploy. */
  async function rememberedErrors(): Promise<number> {
    const { deployment } = JSON.parse(await stack.state()) as {
      deployment: { resources: { urn: string; initErrors?: string[] }[] };
    };
    const release = deployment.resources.find(({ urn }) => urn.endsWith("::bsr-release"));
    assert.ok(release !== undefined, "the state has no Release");
    return release.initErrors?.length ?? 0;
  }

  /** The target is deployed and verified, and nothing is left to do. */
  async function isReached(version: string, markBefore: string): Promise<void> {
    await reached(instance, version, markBefore);
    await hasNoJump(instance);
    assert.equal((await stack.outputs())["deployedVersion"], version);
    isDone(await stack.preview({ args: ["--expect-no-changes"] }));
  }

  it("pulumi refresh makes Pulumi forget the failure, and the next up deploys again and verifies", async () => {
    await failsAt("1.2.0");
    assert.equal(await rememberedErrors(), 1);
    isDone(await stack.refresh());
    assert.equal(await rememberedErrors(), 0);
    assert.deepEqual(await helmHistory(instance), ["1.1.0 deployed", "1.2.0 failed"]);

    isDone(await stack.up());
    assert.deepEqual(await helmHistory(instance), ["1.1.0 superseded", "1.2.0 failed", "1.2.0 deployed"]);
    await isReached("1.2.0", "1.2.0");
  });

  it("up --refresh does both", async () => {
    await failsAt("1.3.1");
    isDone(await stack.up({ args: ["--refresh"] }));
    assert.deepEqual((await helmHistory(instance)).slice(-3), [
      "1.2.0 superseded",
      "1.3.1 failed",
      "1.3.1 deployed",
    ]);
    await isReached("1.3.1", "1.3.1");
  });
});
