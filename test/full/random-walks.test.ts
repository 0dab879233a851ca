import assert from "node:assert/strict";
import { neverReached, seedOr, walk } from "../component/walks/walk";

/** Each full run walks where none was before; a seed in the environment repeats one. */
const seed = seedOr(Math.floor(Math.random() * 2 ** 31));

describe(`random walks, ten thousand, with WALKS_SEED=${seed}`, () => {
  it("break no law of docs/rules.md, and every one can reach its target", () => {
    assert.deepEqual(neverReached(walk(10_000, seed)), []);
  }).timeout(1_800_000);
});
