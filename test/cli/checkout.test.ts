import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const project = join(__dirname, "..", "..");
const needed = ["bin", "cli", "components"];

/** A registry that nobody answers at: what would need the network fails. */
const offline = { npm_config_registry: "http://127.0.0.1:9", npm_config_fetch_retries: "0" };

describe("the bsr command in a checkout", function () {
  this.timeout(120_000);
  let checkout: string;

  function run(command: string, ...args: string[]) {
    return spawnSync(command, args, {
      cwd: checkout,
      encoding: "utf8",
      env: { ...process.env, ...offline, npm_config_cache: join(checkout, ".npm") },
    });
  }

  before(() => {
    checkout = mkdtempSync(join(tmpdir(), "bsr-checkout-"));
    for (const path of [...needed, "package.json", "tsconfig.json"]) {
      cpSync(join(project, path), join(checkout, path), { recursive: true });
    }
    symlinkSync(join(project, "node_modules"), join(checkout, "node_modules"));
    writeFileSync(
      join(checkout, "tsconfig.build.json"),
      JSON.stringify({
        extends: "./tsconfig.json",
        compilerOptions: { noEmit: false, outDir: "dist", types: ["node"] },
        include: ["components", "cli"],
      }),
    );
  });

  after(() => {
    rmSync(checkout, { recursive: true });
  });

  const question = ["plan", "--from", "1.4.0", "--to", "1.6.0", "--json"];

  function answers(ran: ReturnType<typeof run>): void {
    assert.equal(ran.status, 0, ran.stderr);
    assert.deepEqual((JSON.parse(ran.stdout) as { steps: unknown }).steps, [
      { kind: "snapshot", version: "1.4.0" },
      { kind: "deploy", version: "1.5.1", maintenance: false },
      { kind: "deploy", version: "1.6.0", maintenance: false },
    ]);
  }

  it("answers from the source where nothing is built", () => {
    answers(run(process.execPath, "bin/bsr.js", ...question));
  });

  it("answers when compiled, with the facts beside the code", () => {
    const built = run(process.execPath, "node_modules/typescript/bin/tsc", "-p", "tsconfig.build.json");
    assert.equal(built.status, 0, built.stdout);
    rmSync(join(checkout, "cli"), { recursive: true });
    rmSync(join(checkout, "components"), { recursive: true });
    answers(run(process.execPath, "bin/bsr.js", ...question));
  });

  it("answers as npx --no bsr, with no network", () => {
    answers(run("npx", "--no", "bsr", ...question));
  });

  it("exits with 3 when refused and with 2 when called wrongly", () => {
    const refused = run(process.execPath, "bin/bsr.js", "plan", "--from", "1.4.0", "--to", "1.5");
    assert.equal(refused.status, 3);
    assert.match(refused.stdout, /^Refused\.\n\ninvalid-version\n/);
    const wrong = run(process.execPath, "bin/bsr.js", "plan", "--from", "1.4.0");
    assert.equal(wrong.status, 2);
    assert.equal(wrong.stdout, "");
    assert.match(wrong.stderr, /^error: required option '--to <version>' not specified\n/);
  });

  it("is the package's bsr, and may be run as a program", () => {
    const { bin } = JSON.parse(readFileSync(join(project, "package.json"), "utf8")) as {
      bin: { bsr: string };
    };
    assert.equal(bin.bsr, "bin/bsr.js");
    assert.equal(run(join(checkout, bin.bsr), ...question).status, 0);
  });
});
