import assert from "node:assert/strict";
import { neverReached, walk } from "../component/walks/walk";

describe("random walks, ten thousand", () => {
  it("break no law of docs/rules.md, and every one can reach its target", () => {
    assert.deepEqual(neverReached(walk(10_000)), []);
  }).timeout(1_800_000);
});
