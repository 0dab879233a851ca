import { strict as assert } from "node:assert";
import fc from "fast-check";
import { run } from "../cli/run";
import { configOf, exportOf, StackOnDisk } from "../cli/stack-on-disk";
import { stackKinds } from "./kinds/stacks";
import { assertActionable } from "./words";

describe("a stack that bsr review cannot read", () => {
  for (const { what, project, state, config, script, told } of stackKinds) {
    it(`is told of: ${what}`, async () => {
      const disk = new StackOnDisk(project);
      try {
        disk.holds(state, config);
        if (script !== undefined) disk.answers(script);
        const { status, stdout, stderr } = await run(["review", "--cwd", disk.folder]);
        assert.ok(status === 1 || status === 3, stdout);
        assert.equal(status === 1 ? stdout : stderr, "");
        assertActionable(stdout + stderr, told);
      } finally {
        disk.close();
      }
    });
  }

  it("is told of or taken, whatever the two commands write", async () => {
    const disk = new StackOnDisk();
    try {
      await fc.assert(
        fc.asyncProperty(fc.jsonValue(), fc.jsonValue(), fc.boolean(), async (one, other, isWhole) => {
          disk.holds(
            isWhole ? exportOf([]) : one,
            isWhole ? configOf({ version: "1.5.1", host: JSON.stringify(other) }) : other,
          );
          const { status, stdout, stderr } = await run(["review", "--cwd", disk.folder]);
          assert.ok([0, 1, 3].includes(status));
          if (status !== 0) assertActionable(stdout + stderr, /remedy:/);
        }),
        { numRuns: 25 },
      );
    } finally {
      disk.close();
    }
  });
});
