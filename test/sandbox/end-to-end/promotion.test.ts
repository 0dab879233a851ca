import assert from "node:assert/strict";
import { exec } from "../../../sandbox/exec";
import { createInstance, type Instance } from "../../../sandbox/instance";
import { Stack } from "../../../sandbox/stack";

/** Each test goes on where the one before stopped. */
describe("a stack whose versions come from another stack", function () {
  this.timeout("10m");
  let instances: readonly Instance[];
  let dev: Stack;
  let staging: Stack;

  before(async () => {
    const [inDev, inStaging] = (instances = await Promise.all(
      ["promo-dev", "promo-staging"].map((name) => createInstance(name)),
    )) as [Instance, Instance];
    dev = await Stack.create("promo-dev", inDev, { version: "1.4.1" });
    staging = await Stack.create("promo-staging", inStaging, {
      version: "1.4.1",
      promotion: { from: dev.name },
    });
  });

  after(async () => {
    await Promise.all([dev.remove(), staging.remove(), ...instances.map((instance) => instance.close())]);
  });

  it("refuses a version while nothing runs there", async () => {
    const preview = await staging.preview();
    assert.ok(!preview.ok, preview.text);
    assert.match(preview.text, /problem: promotion-source\n/);
    assert.match(
      preview.text,
      new RegExp(`stack organization/bsr/${dev.name}, .*: it has no output deployedVersion, and it has no`),
    );
  });

  it("refuses it while it has not run there for long enough, and touches nothing", async () => {
    const installed = await dev.up();
    assert.ok(installed.ok, installed.text);
    const { verifiedAt } = (await dev.outputs()) as { verifiedAt: string };

    staging.configure({ promotion: { from: dev.name, soak: "1h" } });
    const up = await staging.up();
    assert.ok(!up.ok, up.text);
    assert.match(up.text, /problem: promotion-soak\n/);
    const over = new Date(Date.parse(verifiedAt) + 3_600_000).toISOString();
    assert.ok(up.text.includes(`remedy: Wait until ${over}, then run pulumi up again.`), up.text);
    assert.deepEqual(await releases(instances[1]!), []);
  });

  it("deploys it once it has", async () => {
    staging.configure({ promotion: { from: dev.name, soak: "1s" } });
    const up = await staging.up();
    assert.ok(up.ok, up.text);
    assert.equal((await staging.outputs())["deployedVersion"], "1.4.1");
  });

  it("has nothing to do when the other stack moves on, and then refuses what that has not deployed", async () => {
    dev.configure({ version: "1.5.1" });
    const bump = await dev.up();
    assert.ok(bump.ok, bump.text);
    const unchanged = await staging.up({ args: ["--expect-no-changes"] });
    assert.ok(unchanged.ok, unchanged.text);

    staging.configure({ version: "1.6.0" });
    const preview = await staging.preview();
    assert.ok(!preview.ok, preview.text);
    assert.match(preview.text, /promotion-version\n +found: +The stack \S+ runs 1\.5\.1, verified at /);
    assert.match(preview.text, /remedy: Deploy 1\.6\.0 there first\./);
  });
});

/** What Helm has in the instance's namespace. */
async function releases({ namespace, env }: Instance): Promise<unknown> {
  return JSON.parse(await exec("helm", ["list", "--all", "-n", namespace, "-o", "json"], { env }));
}
