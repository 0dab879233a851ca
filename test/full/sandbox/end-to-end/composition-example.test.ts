import assert from "node:assert/strict";
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { sandboxEnv } from "../../../../sandbox/env";
import { exec, tryExec } from "../../../../sandbox/exec";
import { unmadeInstance, type UnmadeInstance } from "../../../../sandbox/instance";
import { checkout } from "../../../../sandbox/paths";
import { Stack } from "../../../../sandbox/stack";
import { helmHistory } from "../../../sandbox/end-to-end/helm";
import { inOrder, rows } from "../../../sandbox/end-to-end/rows";

/** A copy of the example in a folder of its own, which finds the compiled package as if it were installed. */
function copyOfExample(): string {
  const folder = mkdtempSync(join(tmpdir(), "bsr-example-"));
  cpSync(join(checkout, "examples", "platform"), folder, { recursive: true });
  mkdirSync(join(folder, "node_modules"));
  for (const name of ["@pulumi", "@types", "typescript", "ts-node"])
    symlinkSync(join(checkout, "node_modules", name), join(folder, "node_modules", name));
  symlinkSync(checkout, join(folder, "node_modules", "pulumi-bsr"));
  return folder;
}

/** examples/platform as its README tells; each test goes on where the one before stopped. */
describe("the example of a platform stack", function () {
  this.timeout("20m");
  let folder: string;
  let internal: UnmadeInstance;
  let partners: UnmadeInstance;
  let stack: Stack;

  const registries = (versions: { internal: string; partners: string }) => ({
    internal: settings(internal, versions.internal, "bsr.example.com"),
    partners: settings(partners, versions.partners, "bsr.partners.example.com"),
  });
  const settings = ({ namespace, database }: UnmadeInstance, version: string, host: string) => ({
    version,
    host,
    namespace,
    database,
  });

  before(async () => {
    folder = copyOfExample();
    internal = unmadeInstance("internal");
    partners = unmadeInstance("partners");
    const env = sandboxEnv();
    const project = { folder, name: "platform", configDir: "." };
    stack = await Stack.of(project, "platform", {
      chart: env["BSR_SANDBOX_CHART"],
      cluster: { create: 'cat "$KUBECONFIG"' },
      postgres: { host: env["BSR_SANDBOX_POSTGRES_HOST"], administrate: "dbname=postgres" },
      redis: "redis.example.com:6379",
      bucket: { bucketName: "modules", region: "eu-central-1" },
      registries: registries({ internal: "1.4.1", partners: "1.4.1" }),
    });
    await stack.configureSecret("internalPassword", internal.password);
    await stack.configureSecret("partnersPassword", partners.password);
  });

  after(async () => {
    await stack.remove();
    await internal.close();
    await partners.close();
    rmSync(folder, { recursive: true, force: true });
  });

  it("has no type error against the types of the package", async () => {
    const tsc = join(checkout, "node_modules", "typescript", "bin", "tsc");
    const { status, stdout } = await tryExec("node", [tsc, "--project", folder], { env: sandboxEnv() });
    assert.equal(status, 0, stdout);
  });

  it("shows both registries in its first preview", async () => {
    const preview = await stack.preview();
    assert.ok(preview.ok, preview.text);
    for (const name of ["internal", "partners"]) {
      assert.match(preview.text, new RegExp(`${name}-bsr-1-1-verify-1.4.1 create`));
      assert.match(
        preview.text,
        new RegExp(`release bsr in namespace ${name}-\\w+: nothing deployed to 1.4.1`),
      );
    }
  });

  it("installs the one of the partners when the other one serves", async () => {
    const up = await stack.up();
    assert.ok(up.ok, up.text);
    inOrder(up.text, ["internal-bsr-1-1-verify-1.4.1 created", "partners-bsr-ledger creating"]);
    assert.deepEqual((await stack.outputs())["versions"], { internal: "1.4.1", partners: "1.4.1" });
  });

  it("is bumped by the two lines, one registry after the other", async () => {
    stack.configure({ registries: registries({ internal: "1.6.0", partners: "1.5.1" }) });
    const preview = await stack.preview();
    assert.ok(preview.ok, preview.text);
    assert.deepEqual(rows(preview.text, /replace/), []);
    const up = await stack.up();
    assert.ok(up.ok, up.text);
    inOrder(up.text, ["internal-bsr-2-2-verify-1.6.0 created", "partners-bsr-2-0-preflight creating"]);
    assert.deepEqual((await stack.outputs())["versions"], { internal: "1.6.0", partners: "1.5.1" });
    const empty = await stack.preview({ args: ["--expect-no-changes"] });
    assert.ok(empty.ok, empty.text);
  });

  it("leaves the partners' registry alone when the other one's bump fails", async () => {
    // No pod of the new release can be made.
    const { env, namespace } = internal;
    const quota = ["create", "quota", "none", "--hard=pods=0", "-n", namespace];
    await exec("kubectl", quota, { env });
    stack.configure({ registries: registries({ internal: "1.7.0", partners: "1.6.0" }) });
    const failed = await stack.up();
    assert.ok(!failed.ok, failed.text);
    assert.equal((await helmHistory(partners)).at(-1), "1.5.1 deployed");
    await exec("kubectl", ["delete", "quota", "none", "-n", namespace], { env });
    const up = await stack.up();
    assert.ok(up.ok, up.text);
    assert.deepEqual((await stack.outputs())["versions"], { internal: "1.7.0", partners: "1.6.0" });
  });

  it("leaves databases and namespaces, which hold the records, when it is destroyed", async () => {
    const destroyed = await stack.destroy();
    assert.ok(destroyed.ok, destroyed.text);
    for (const { namespace, env } of [internal, partners]) {
      const found = await exec("kubectl", ["get", "configmap", "-n", namespace, "-o", "name"], { env });
      assert.match(found, /configmap\/bsr-transitions-/);
    }
    assert.ok((await internal.schemaVersion()) > 0);
  });
});
