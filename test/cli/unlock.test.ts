import { strict as assert } from "node:assert";
import { run } from "./run";

describe("bsr unlock", () => {
  const wrong: [string, string[]][] = [
    ["without a revision", []],
    ["with a revision that is no number", ["--revision", "last"]],
    ["with revision 0", ["--revision", "0"]],
  ];
  for (const [what, args] of wrong) {
    it(`is wrong usage ${what}`, async () => {
      const { status, stdout, stderr } = await run(["unlock", ...args]);
      assert.equal(status, 2);
      assert.equal(stdout, "");
      assert.match(stderr, /--revision <number>/);
    });
  }

  it("says why where the cluster cannot be reached, and nothing on standard output", async () => {
    const { status, stdout, stderr } = await run(["unlock", "--revision", "2", "--kubeconfig", "/nowhere"]);
    assert.equal(status, 1);
    assert.equal(stdout, "");
    assert.match(stderr, /the lock of release bsr could not be ended\n {2}found: /);
  });
});
