import { strict as assert } from "node:assert";
import { Masks } from "../../components/migrations/masks";
import { Progress } from "../../components/migrations/steps/progress";

function saying(secrets: readonly string[], ...texts: string[]): string {
  let said = "";
  const progress = new Progress(new Masks(secrets), (text) => (said += text));
  for (const text of texts) progress.say(text);
  return said;
}

describe("progress", () => {
  it("ends every line", () => {
    assert.equal(saying([], "one", "two\nthree"), "one\ntwo\nthree\n");
  });

  it("masks every secret", () => {
    assert.equal(saying(["hunter2!"], "pw hunter2!"), "pw [secret]\n");
  });

  it("cuts lines that the engine's log could not take, after masking", () => {
    const said = saying(["x".repeat(3000)], `${"x".repeat(3000)} ${"y".repeat(70_000)}`);
    assert.equal(said.length, 2001);
    assert.match(said, /^\[secret\] y+\n$/);
  });
});
