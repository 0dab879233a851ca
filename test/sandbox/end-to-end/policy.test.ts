import assert from "node:assert/strict";
import { cpSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { exec } from "../../../sandbox/exec";
import { createInstance, type Instance } from "../../../sandbox/instance";
import { checkout } from "../../../sandbox/paths";
import { startablePolicyPack } from "../../../sandbox/policy-pack";
import { Stack } from "../../../sandbox/stack";
import { npmEnv } from "../../npm-env";

/** The pack of the example, copied and installed as an organisation does. */
describe("the policy pack for production stacks", function () {
  this.timeout("10m");
  let folder: string;
  let pack: string;
  let instance: Instance;
  let stack: Stack;

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), "bsr-policy-"));
    cpSync(join(checkout, "examples", "policy-pack"), folder, { recursive: true });
    await exec("npm", ["install", "--ignore-scripts", "--no-audit", "--no-fund"], {
      cwd: folder,
      env: npmEnv,
    });
    pack = startablePolicyPack(folder);
    instance = await createInstance("policy");
    stack = await Stack.create("policy", instance, { version: "1.1.0" });
  });

  after(async () => {
    await stack.remove();
    await instance.close();
    rmSync(folder, { recursive: true });
  });

  /** A preview with the pack, told which stacks are production. */
  function preview(production: string) {
    const config = join(folder, "config.json");
    const both = ["bsr-snapshot-method", "bsr-no-accepted-loss"];
    writeFileSync(config, JSON.stringify(Object.fromEntries(both.map((name) => [name, { production }]))));
    return stack.preview({ args: ["--policy-pack", pack, "--policy-pack-config", config] });
  }

  it("lets a stack that is not production do without", async () => {
    stack.configure({ acknowledgeDataLoss: "1.5.1->1.3.1" });
    const { ok, text } = await preview("^prod");
    assert.ok(ok, text);
    assert.match(text, /✅ bsr@v1\.0\.0/);
    assert.doesNotMatch(text, /mandatory/);
  });

  it("refuses production without a snapshot method and with an accepted loss, both at once", async () => {
    const { ok, text } = await preview("^test-policy");
    assert.ok(!ok, text);
    const violations = [...text.matchAll(/\[mandatory\]\s+(\S+)/g)].map((match) => match[1]);
    assert.deepEqual(violations.sort(), ["bsr-no-accepted-loss", "bsr-snapshot-method"]);
    assert.ok(
      text.includes(`found:  The stack ${stack.name} is production, and its BSR bsr has no snapshot method`),
      text,
    );
    assert.ok(text.includes('its BSR bsr has acknowledgeDataLoss set to "1.5.1->1.3.1"'), text);
    assert.match(text, /wanted: A snapshot of the database before every transition/);
    assert.match(text, /remedy: Set the argument snapshot /);
    assert.match(text, /remedy: Remove acknowledgeDataLoss/);
  });

  it("lets production pass with a method and no accepted loss", async () => {
    stack.configure({
      acknowledgeDataLoss: undefined,
      snapshot: { command: { take: ["./take"], check: ["./check"] } },
    });
    const { ok, text } = await preview("^test-policy");
    assert.ok(ok, text);
    assert.match(text, /✅ bsr@v1\.0\.0/);
  });

  it("refuses an up too, before anything is touched", async () => {
    stack.configure({ snapshot: undefined });
    const config = join(folder, "config.json");
    const { ok, text } = await stack.up({ args: ["--policy-pack", pack, "--policy-pack-config", config] });
    assert.ok(!ok, text);
    assert.match(text, /\[mandatory\]\s+bsr-snapshot-method/);
    assert.deepEqual(await instance.query("SELECT 1 FROM pg_tables WHERE schemaname = 'public'"), []);
  });
});
