import assert from "node:assert/strict";
import { createInstance, type Instance } from "../../../../sandbox/instance";
import { Stack } from "../../../../sandbox/stack";
import { helmHistory } from "../../../sandbox/end-to-end/helm";

/** Each test goes on where the one before stopped. */
describe("three stacks, each of which takes its versions from the one before", function () {
  this.timeout("30m");
  let instances: readonly Instance[];
  let dev: Stack;
  let staging: Stack;
  let prod: Stack;

  before(async () => {
    const [inDev, inStaging, inProd] = (instances = await Promise.all(
      ["way-dev", "way-staging", "way-prod"].map((name) => createInstance(name)),
    )) as [Instance, Instance, Instance];
    dev = await Stack.create("way-dev", inDev, { version: "1.4.1" });
    staging = await Stack.create("way-staging", inStaging, {
      version: "1.4.1",
      promotion: { from: dev.name },
    });
    prod = await Stack.create("way-prod", inProd, {
      version: "1.4.1",
      promotion: { from: `organization/bsr/${staging.name}`, soak: "72h" },
    });
  });

  after(async () => {
    await Promise.all([dev, staging, prod].map((stack) => stack.remove()));
    await Promise.all(instances.map((instance) => instance.close()));
  });

  async function goesUp(stack: Stack): Promise<string> {
    const { ok, text } = await stack.up();
    assert.ok(ok, text);
    return text;
  }

  async function isRefused(stack: Stack, pattern: RegExp): Promise<void> {
    for (const run of [await stack.preview(), await stack.up()]) {
      assert.ok(!run.ok, run.text);
      assert.match(run.text, pattern);
    }
  }

  it("refuse what comes from no stack that there is, in preview and in up", async () => {
    staging.configure({ promotion: { from: "no-such-stack" } });
    await isRefused(
      staging,
      /promotion-source\n +found: .* read: unknown stack "organization\/bsr\/no-such-stack"\./,
    );
    staging.configure({ promotion: { from: dev.name } });
  });

  it("pass a version on, and keep it back where its soak time is not over", async () => {
    await isRefused(staging, /promotion-source\n/);
    await goesUp(dev);
    await goesUp(staging);
    await isRefused(prod, /promotion-soak\n +found: .* verified 1\.4\.1 at /);
  });

  it("deploy it at once where it is overridden, and say so", async () => {
    prod.configure({
      promotion: { from: `organization/bsr/${staging.name}`, soak: "72h", override: "1.4.1" },
    });
    const loud =
      /promotion-overridden: promotion\.override deploys 1\.4\.1 against the promotion: The stack \S+ verified/;
    assert.match(await goesUp(prod), loud);
    assert.match(((await prod.outputs())["plan"] as string[]).join("\n"), loud);
  });

  it("have nothing to do when the one before moves on", async () => {
    dev.configure({ version: "1.5.1" });
    await goesUp(dev);
    for (const stack of [staging, prod]) {
      const unchanged = await stack.up({ args: ["--expect-no-changes"] });
      assert.ok(unchanged.ok, unchanged.text);
    }
  });

  it("go on with a transition that was begun, whatever the one before does meanwhile", async () => {
    staging.configure({ version: "1.5.1", deployTimeoutSeconds: 1 });
    const failed = await staging.up();
    assert.ok(!failed.ok, failed.text);
    // One second may be too short for the chart's hook, too.
    assert.match((await helmHistory(instances[1]!)).at(-1) ?? "", /^1\.5\.1 (deployed|failed)$/);

    dev.configure({ version: "1.6.0" });
    await goesUp(dev);
    staging.configure({ deployTimeoutSeconds: undefined });
    await goesUp(staging);
    assert.equal((await staging.outputs())["deployedVersion"], "1.5.1");
  });

  it("ask nothing on the way back, not even whether there is such a stack", async () => {
    staging.configure({ version: "1.4.1", promotion: { from: "no-such-stack" } });
    const back = await staging.preview();
    assert.ok(back.ok, back.text);
    assert.match(back.text, /1\.5\.1 to 1\.4\.1 \(downgrade\)/);
  });
});
