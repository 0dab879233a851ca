import assert from "node:assert/strict";
import { neverReached, walk } from "./walk";

describe("random walks", () => {
  it("break no law of docs/rules.md, and every one can reach its target", () => {
    assert.deepEqual(neverReached(walk(2000)), []);
  }).timeout(600_000);
});
