import assert from "node:assert/strict";
import { neverReached, seedOr, walk } from "./walk";

describe("random walks", () => {
  it("break no law of docs/rules.md, and every one can reach its target", () => {
    assert.deepEqual(neverReached(walk(2000, seedOr(20260101))), []);
  }).timeout(600_000);
});
