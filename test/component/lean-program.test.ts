import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { join } from "node:path";

describe("the program", function () {
  this.timeout("60s");

  it("does not load the Kubernetes client: it is slow to load and large", () => {
    const project = join(__dirname, "..", "..");
    const script = `
      require("./components/bsr-release");
      console.log(Object.keys(require.cache).filter((path) => path.includes("@kubernetes")).join("\\n"));
    `;
    const args = ["-r", "ts-node/register/transpile-only", "-e", script];
    const { status, stdout, stderr } = spawnSync(process.execPath, args, { cwd: project, encoding: "utf8" });
    assert.equal(status, 0, stderr);
    assert.equal(stdout.trim(), "");
  });
});
