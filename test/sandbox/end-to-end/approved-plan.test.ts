import assert from "node:assert/strict";
import { join } from "node:path";
import { sandboxEnv } from "../../../sandbox/env";
import { exec } from "../../../sandbox/exec";
import { createInstance, type Instance } from "../../../sandbox/instance";
import { checkout } from "../../../sandbox/paths";
import { pgDumpFor } from "../../../sandbox/snapshot-method";
import { Stack } from "../../../sandbox/stack";
import { helmHistory } from "./helm";

interface Review {
  readonly weak: boolean;
  readonly from: string;
  readonly hash: string;
  readonly binding: string;
}

/** A plan that is approved by the hash which a review without the cluster shows. Each test goes on where the one before stopped. */
describe("a plan that was approved", function () {
  this.timeout("10m");
  let instance: Instance;
  let stack: Stack;

  before(async () => {
    instance = await createInstance("approved");
    stack = await Stack.create("approved", instance, {
      version: "1.1.0",
      snapshot: await pgDumpFor(instance),
    });
    await stack.configureSecret("license", "a-secret-of-the-configuration");
    const installed = await stack.up();
    assert.ok(installed.ok, installed.text);
  });

  after(async () => {
    await stack.remove();
    await instance.close();
  });

  function bsr(...args: readonly string[]): Promise<string> {
    // No passphrase: what is secret stays so.
    const { PULUMI_CONFIG_PASSPHRASE: _passphrase, KUBECONFIG: _cluster, ...env } = sandboxEnv();
    return exec(process.execPath, [join(checkout, "bin", "bsr.js"), ...args], { env, cwd: checkout });
  }

  async function review(): Promise<Review> {
    return JSON.parse(await bsr("review", "--stack", stack.name, "--json")) as Review;
  }

  it("has the same hash in bsr plan, bsr review and pulumi preview", async () => {
    stack.configure({ version: "1.3.1" });
    const { hash, weak } = await review();
    assert.equal(weak, false);
    assert.match(await bsr("plan", "--from", "1.1.0", "--to", "1.3.1"), new RegExp(`^Plan ${hash}:$`, "m"));
    const preview = await stack.preview();
    assert.match(preview.text, new RegExp(`1\\.1\\.0 to 1\\.3\\.1 \\(upgrade\\), plan ${hash}\\n`));
  });

  it("is the only one that pulumi up carries out", async () => {
    const before = await helmHistory(instance);
    stack.configure({ approvedPlan: "0123456789abcdef" });
    const up = await stack.up();
    assert.ok(!up.ok, up.text);
    assert.match(up.text, /problem: plan-not-approved\n/);
    assert.deepEqual(await helmHistory(instance), before);
  });

  it("stays approved for its rest, which takes a snapshot of its own", async () => {
    const approved = (await review()).hash;
    stack.configure({ approvedPlan: approved, deploysPerRun: 1 });
    const first = await stack.up();
    assert.ok(first.ok, first.text);
    assert.equal((await stack.outputs())["deployedVersion"], "1.2.0");

    const rest = await review();
    assert.equal(rest.from, "1.2.0");
    assert.notEqual(rest.hash, approved);
    const second = await stack.up();
    assert.ok(second.ok, second.text);
    assert.match(second.text, /-snapshot-1\.2\.0/);
    // There is no status page yet: Postgres itself was asked.
    assert.match(second.text, /1\.3\.1: verified, schema version 241/);
    assert.equal((await stack.outputs())["deployedVersion"], "1.3.1");
  });

  it("leaves nothing to do, which can be bound to as well", async () => {
    stack.configure({ approvedPlan: (await review()).binding, deploysPerRun: undefined });
    const up = await stack.up({ args: ["--expect-no-changes"] });
    assert.ok(up.ok, up.text);
  });
});
