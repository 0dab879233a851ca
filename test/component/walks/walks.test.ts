import { walk } from "./walk";

describe("random walks", () => {
  it("break no law of docs/rules.md, and every one can reach its target", () => {
    walk(1000);
  }).timeout(600_000);
});
