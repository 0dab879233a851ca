import assert from "node:assert/strict";

/** Does something once, at the first line of a run that matches. */
export function atLine(pattern: RegExp, act: () => Promise<unknown>) {
  let done: Promise<unknown> | undefined;
  return {
    onLine: (line: string) => {
      if (done === undefined && pattern.test(line)) done = act();
    },
    /** Its end; it must have begun. */
    end: async () => {
      assert.ok(done !== undefined, `no line matched ${pattern}`);
      await done;
    },
  };
}
