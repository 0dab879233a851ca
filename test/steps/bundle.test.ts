import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { bundle } from "../../tools/bundle/bundle";

const project = join(__dirname, "..", "..");

describe("the bundles of the package", function () {
  this.timeout("60s");
  let folder: string;

  before(() => {
    folder = mkdtempSync(join(tmpdir(), "bsr-test-"));
    symlinkSync(join(project, "node_modules"), join(folder, "node_modules"));
    bundle(join(folder, "dist"));
  });

  after(() => rmSync(folder, { recursive: true }));

  function node(args: readonly string[], input = "") {
    return spawnSync(process.execPath, args, { cwd: folder, input, encoding: "utf8" });
  }

  it("are a step program that says what it cannot use", () => {
    const step = node(["dist/components/migrations/steps/main.js", "deploy 1.5.1"], "{}");
    assert.equal(step.stderr, "the step's input on standard input cannot be used: setting, step\n");
    assert.equal(step.status, 1);
  });

  it("are a check of the ledger that says what it cannot read, without a module of the Kubernetes client", () => {
    const script = `
      const { checkLedger } = require("./dist/components/bsr-release/ledger-check");
      checkLedger({}, {}).then(({ failures }) => {
        const loaded = Object.keys(require.cache).filter((path) => path.includes("@kubernetes"));
        console.log(JSON.stringify([failures[0].reason.split("\\n")[0], loaded]));
      });
    `;
    const check = node(["-e", script]);
    assert.deepEqual(JSON.parse(check.stdout), ["internal-error", []], check.stderr);
  });

  it("come with the licenses of what is in them", () => {
    const notices = readFileSync(join(folder, "dist", "components", "third-party-notices.txt"), "utf8");
    assert.match(notices, /^@kubernetes\/client-node 2\.0\.1 \(Apache-2\.0\)$/m);
    assert.match(notices, /^zod \S+ \(MIT\)$/m);
    assert.match(notices, /Permission is hereby granted/);
  });
});
