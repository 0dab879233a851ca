/** The sources themselves: what a compiler, a linter and a formatter say about them. */
import { strict as assert } from "node:assert";
import { spawnSync } from "node:child_process";
import { join } from "node:path";

const project = join(__dirname, "..");

function passes(program: string, ...args: string[]): void {
  const { status, stdout, stderr } = spawnSync(program, args, {
    cwd: project,
    encoding: "utf8",
    // npm's programs, and node for the one that starts with `env node`.
    env: { ...process.env, PATH: `${join(project, "node_modules", ".bin")}:${process.env["PATH"] ?? ""}` },
  });
  assert.equal(status, 0, `${program} says:\n${stdout}${stderr}`);
}

describe("the sources", function () {
  this.timeout("5m");
  it("compile under the strict settings", () => {
    passes("tsc", "--project", ".");
  });
  it("pass the linter", () => {
    passes("eslint", "--max-warnings=0", ".");
  });
  it("are formatted", () => {
    passes("prettier", "--check", ".");
  });
});
