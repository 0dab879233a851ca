import assert from "node:assert/strict";
import { cpSync, mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { basename, join } from "node:path";
import { exec } from "../../../sandbox/exec";
import { createInstance, type Instance } from "../../../sandbox/instance";
import { checkout } from "../../../sandbox/paths";
import { fromSource, Stack, type Run } from "../../../sandbox/stack";

describe("what a reviewer reads in preview --diff", function () {
  this.timeout("5m");
  const license = "license-that-nothing-may-show";
  let instance: Instance;
  let stack: Stack;
  let kubeconfig: string;

  before(async () => {
    instance = await createInstance("quiet", { postgresSecret: false });
    const { postgres } = instance.values;
    stack = await Stack.create(
      "quiet",
      instance,
      { version: "1.15.2", values: undefined, postgres },
      fromSource,
    );
    await stack.configureSecret("postgres.password", instance.password);
    await stack.configureSecret("license", license);
    const args = ["config", "view", "--raw", "--minify", "-o", "json"];
    kubeconfig = await exec("kubectl", args, { env: instance.env });
    await stack.configureSecret("kubeconfig", kubeconfig);
    const up = await stack.up();
    assert.ok(up.ok, up.text);
  });

  after(async () => {
    await stack.remove();
    await instance.close();
  });

  function assertQuiet({ ok, text }: Run): void {
    assert.ok(ok, text);
    const { clusters, users } = JSON.parse(kubeconfig) as {
      clusters: { cluster: Record<string, string> }[];
      users: { user: Record<string, string> }[];
    };
    const unwanted: Record<string, string | undefined> = {
      "the checkout": checkout,
      "the home folder": `${homedir()}/`,
      "the folder for temporary files": `${tmpdir()}/`,
      "the modules' folder": "node_modules",
      "the cluster's address": clusters[0]?.cluster["server"],
      "the password": instance.password,
      "the license": license,
    };
    for (const [key, value] of Object.entries(users[0]?.user ?? {}))
      unwanted[`the kubeconfig's ${key}`] = value;
    for (const [what, value] of Object.entries(unwanted)) {
      assert.ok(value !== undefined && value !== "", `${what} is not known`);
      assert.ok(!text.includes(value), `${what} (${value}) is in ${text}`);
    }
  }

  it("has nothing of this machine and nothing secret when the version is bumped", async () => {
    stack.configure({ version: "1.17.2" });
    const preview = await stack.preview({ args: ["--diff"] });
    stack.configure({ version: "1.15.2" });
    assertQuiet(preview);
    for (const step of ["deploy 1.16.1", "begin: deploy 1.17.2", "verify 1.17.2"]) {
      assert.ok(preview.text.includes(step), preview.text);
    }
  });

  it("has nothing but the values when only values change", async () => {
    stack.configure({ maxBodySizeBytes: 5_000_000 });
    const preview = await stack.preview({ args: ["--diff"] });
    stack.configure({ maxBodySizeBytes: undefined });
    assertQuiet(preview);
    assert.match(preview.text, /\+ maxBodySizeBytes: "5000000"/);
    const changed = [...preview.text.matchAll(/^ +(?:\+-|[~+-])\s*(\S+): \((\S+)\)$/gm)];
    assert.deepEqual(
      changed.map(([, type, operation]) => `${operation} ${type}`),
      ["update kubernetes:helm.sh/v3:Release", "replace command:local:Command"],
    );
  });

  it("is nothing where another copy of the checkout is used", async () => {
    const copy = mkdtempSync(join(tmpdir(), "bsr-checkout-"));
    try {
      const left = new Set([".git", ".sandbox", "node_modules"]);
      cpSync(checkout, copy, { recursive: true, filter: (path) => !left.has(basename(path)) });
      symlinkSync(join(checkout, "node_modules"), join(copy, "node_modules"));
      const preview = await stack.preview({ args: ["--expect-no-changes"], checkout: copy });
      assert.ok(preview.ok, preview.text);
    } finally {
      rmSync(copy, { recursive: true });
    }
  });
});
