/**
 * The package as others use it: packed, installed in a folder elsewhere by each package manager, imported with its
 * types, and run by Pulumi.
 */
import assert from "node:assert/strict";
import { cpSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { exec, tryExec } from "../../../sandbox/exec";
import { createInstance, type Instance } from "../../../sandbox/instance";
import { checkout } from "../../../sandbox/paths";
import { Stack } from "../../../sandbox/stack";
import { copyCheckout } from "../../copy-checkout";
import { copiesOf, makeProgram, type Layout } from "./layouts";
import { wrongProgram } from "./program";

/** One for each layout: where one program leaves the instance, the next goes on, with the same stack. */
const versions = ["1.1.0", "1.2.0", "1.3.1", "1.4.1", "1.5.1"];

/** Pulumi compiles a TypeScript program itself, and as a user's stack does, checks its types. */
const typeChecked = { PULUMI_NODEJS_TRANSPILE_ONLY: "false" };

/** The package in programs of these layouts, one after the other. */
export function describeLibrary(layouts: readonly Layout[]): void {
  describe("the package in programs of others", function () {
    this.timeout("15m");
    tests(layouts);
  });
}

function tests(layouts: readonly Layout[]): void {
  let folder: string;
  let tarball: string;
  let instance: Instance;
  let stack: Stack;

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), "bsr-library-"));
    tarball = await packed(folder);
    instance = await createInstance("library");
    stack = await Stack.create("library", instance, { version: versions[0] });
  });

  after(async () => {
    await stack.remove();
    await instance.close();
    rmSync(folder, { recursive: true });
  });

  layouts.forEach((layout, index) => {
    describe(layout.name, () => {
      const version = versions[index] ?? "";
      const root = () => join(folder, `layout-${index}`);
      let program: string;

      it("installs, with one copy of Pulumi's SDK", async () => {
        program = await makeProgram(layout, root(), tarball);
        assert.equal((await copiesOf("@pulumi/pulumi", root())).length, 1);
      });

      if (layout.tsconfig !== undefined) {
        it("has types: the program compiles, and one with a wrong argument does not", async () => {
          const compiler = require.resolve("typescript/bin/tsc", { paths: [program] });
          const tsc = (...args: string[]) =>
            tryExec(process.execPath, [compiler, "--noEmit", "--pretty", "false", ...args], { cwd: program });
          const right = await tsc();
          assert.equal(right.status, 0, right.stdout);
          writeFileSync(join(program, "wrong.ts"), wrongProgram);
          writeFileSync(
            join(program, "wrong.json"),
            JSON.stringify({ extends: "./tsconfig.json", files: ["wrong.ts"] }),
          );
          const wrong = await tsc("--project", "wrong.json");
          assert.match(wrong.stdout, /^wrong\.ts.*TS2322: Type 'number' is not assignable to type 'string'/);
        });
      }

      if (index > 0) {
        it("finds nothing to do where the layout before has been", async () => {
          const preview = await stack.preview({ checkout: program, args: ["--expect-no-changes"] });
          assert.ok(preview.ok, preview.text);
        });
      }

      it(`takes the instance to ${version}`, async () => {
        stack.configure({ version });
        const preview = await stack.preview({ checkout: program });
        assert.ok(preview.ok, preview.text);
        assert.ok(preview.text.includes(`1. deploy ${version}`), preview.text);
        const up = await stack.up({ checkout: program, env: typeChecked });
        assert.ok(up.ok, up.text);
        assert.equal((await stack.outputs())["deployedVersion"], version);
      });

      it("leaves a state that tells nothing of where the program lies", async () => {
        const state = await stack.state();
        assert.ok(state.includes("bsr-ledger") && !state.includes(folder), state);
      });

      it("finds nothing to do from another folder, as on another machine", async () => {
        const elsewhere = join(folder, `elsewhere-${index}`);
        cpSync(root(), elsewhere, { recursive: true, verbatimSymlinks: true });
        const moved = join(elsewhere, layout.workspace ?? ".");
        const preview = await stack.preview({ checkout: moved, args: ["--expect-no-changes"] });
        assert.ok(preview.ok, preview.text);
      });
    });
  });
}

/** What `npm pack` makes of a checkout in which nothing is compiled. */
async function packed(folder: string): Promise<string> {
  const copy = join(folder, "checkout");
  copyCheckout(checkout, copy);
  const output = await exec("npm", ["pack", "--json", "--pack-destination", folder], { cwd: copy });
  const [{ filename }] = JSON.parse(output) as [{ filename: string }];
  return join(folder, filename);
}
