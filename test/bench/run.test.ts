import assert from "node:assert/strict";
import type { Line } from "../../bench/line";
import { runAll, type Measurement } from "../../bench/run";

describe("make bench", () => {
  async function run(measurements: readonly Measurement[]) {
    const lines: Line[] = [];
    const said: string[] = [];
    const streams = {
      print: (line: Line) => void lines.push(line),
      say: (text: string) => void said.push(text),
    };
    return { ok: await runAll(measurements, streams), lines, said };
  }
  const quick = (name: string, minutes = 2): Measurement => ({
    name,
    minutes,
    measure: () => ({ bench: name }),
  });
  const failing: Measurement = {
    name: "hops",
    minutes: 12,
    measure: () => Promise.reject(new Error("pulumi up failed:\nwith all that it said")),
  };

  it("prints a line for each measurement, and says which one it makes and how long that takes", async () => {
    const two = {
      name: "two",
      minutes: 12,
      measure: () => Promise.resolve([{ bench: "a" }, { bench: "b" }]),
    };
    const { ok, lines, said } = await run([quick("one"), two]);
    assert.equal(ok, true);
    assert.deepEqual(lines, [{ bench: "one" }, { bench: "a" }, { bench: "b" }]);
    assert.deepEqual(said, [
      "1 of 2: one, about 2 min (14 min with all that follow)",
      "one: done after less than a minute",
      "2 of 2: two, about 12 min (12 min with all that follow)",
      "two: done after less than a minute",
    ]);
  });

  it("goes on after one that fails, and fails in the end", async () => {
    const { ok, lines, said } = await run([failing, quick("stacks")]);
    assert.equal(ok, false);
    assert.deepEqual(lines, [{ bench: "hops", error: "pulumi up failed:" }, { bench: "stacks" }]);
    assert.ok(said.includes("pulumi up failed:\nwith all that it said"));
    assert.equal(said.at(-1), "failed: hops");
  });
});
