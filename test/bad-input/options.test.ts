import { strict as assert } from "node:assert";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { run } from "../cli/run";
import { optionKinds } from "./kinds/options";
import { assertActionable } from "./words";

describe("bad input in an option", () => {
  const { HOME: home, KUBECONFIG: kubeconfig } = process.env;
  let folder: string;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), "bsr-home-"));
    process.env["HOME"] = folder;
    delete process.env["KUBECONFIG"];
  });
  after(() => {
    process.env["HOME"] = home;
    if (kubeconfig !== undefined) process.env["KUBECONFIG"] = kubeconfig;
    rmSync(folder, { recursive: true, force: true });
  });

  for (const { args, status: wanted, told } of optionKinds) {
    it(`is told of: bsr ${JSON.stringify(args.join(" ").slice(0, 90))}`, async () => {
      const { status, stdout, stderr } = await run(args, "");
      assert.equal(status, wanted, stdout + stderr);
      assert.equal(wanted === 3 ? stderr : stdout, "");
      assertActionable(wanted === 3 ? stdout : stderr, told);
    });
  }

  for (const option of ["--from", "--to", "--high-water-mark", "--schema-owner", "--acknowledge-data-loss"]) {
    it(`is told of or taken, whatever stands after ${option}`, async () => {
      await fc.assert(
        fc.asyncProperty(fc.oneof(fc.string(), fc.stringMatching(/^[0-9.v>-]{1,12}$/)), async (text) => {
          const { status, stdout, stderr } = await run([
            "plan",
            "--from",
            "1.4.0",
            "--to",
            "1.6.0",
            option,
            text,
          ]);
          assert.ok([0, 2, 3].includes(status));
          if (status !== 0) assertActionable(stdout + stderr, /remedy:|--help/);
        }),
        { numRuns: 100 },
      );
    });
  }
});
