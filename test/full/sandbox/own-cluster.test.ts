/** A second checkout that uses this checkout's cluster, as it would use any cluster of the user's own. */
import { strict as assert } from "node:assert";
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { sandboxEnv } from "../../../sandbox/env";
import { copyCheckout } from "../../copy-checkout";

const checkout = join(__dirname, "..", "..", "..");

describe("a cluster of one's own", function () {
  this.timeout("5m");
  let folder: string;
  let env: NodeJS.ProcessEnv;

  before(() => {
    folder = mkdtempSync(join(tmpdir(), "bsr-own-cluster-"));
    copyCheckout(checkout, folder);
    const sandbox = sandboxEnv();
    env = {
      ...process.env,
      SANDBOX_KUBECONFIG: sandbox["KUBECONFIG"],
      SANDBOX_REGISTRY: sandbox["BSR_SANDBOX_REGISTRY"],
      SANDBOX_POSTGRES_HOST: sandbox["BSR_SANDBOX_POSTGRES_HOST"],
      SANDBOX_POSTGRES_PASSWORD: sandbox["BSR_SANDBOX_POSTGRES_PASSWORD"],
      SANDBOX_PGHOST: sandbox["PGHOST"],
    };
  });

  after(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  function run(command: string, ...args: string[]): string {
    const { status, stdout, stderr } = spawnSync(command, args, { cwd: folder, env, encoding: "utf8" });
    assert.equal(status, 0, `${command} ${args.join(" ")}\n${stdout}${stderr}`);
    return stdout + stderr;
  }

  it("does all that the sandbox's own does", () => {
    const started = run("make", "sandbox");
    assert.doesNotMatch(started, /API server ready/);
    run("node", "node_modules/mocha/bin/mocha.js", "test/sandbox/cluster/*.test.ts");
  });

  it("is only forgotten by sandbox-down", () => {
    run("make", "sandbox-down");
    assert.ok(!existsSync(join(folder, ".sandbox", "env")));
    assert.match(run("kubectl", "--kubeconfig", env["SANDBOX_KUBECONFIG"] ?? "", "get", "nodes"), /Ready/);
  });
});
