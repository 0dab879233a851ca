import assert from "node:assert/strict";
import { HopTimes } from "../bench/hops/hop-times";

describe("the times of hops", () => {
  it("are told by the lines of pulumi up, from the first hop's beginning and from verification to verification", () => {
    let now = 0;
    const times = new HopTimes(() => now);
    const at = (moment: number, line: string) => {
      now = moment;
      times.see(` +  command:local:Command bsr-2-${line}`);
    };
    at(1, "0-preflight creating (0s) ");
    at(5, "1-deploy-1.2.0 creating (0s) ");
    at(6, "1-deploy-1.2.0 creating (1s) 1.2.0: chart pulled");
    at(15, "1-deploy-1.2.0 creating (10s) 1.2.0: verified");
    at(16, "1-deploy-1.2.0 created (10s) 1.2.0: verified");
    at(17, "2-begin-1.3.1 creating (0s) ");
    at(20, "2-begin-1.3.1 creating (3s) 1.3.1: ready to deploy (1.2.0 at revision 2)");
    at(35, "2-verify-1.3.1 creating (12s) 1.3.1: verified, schema version 241");
    assert.deepEqual(times.each, [10, 20]);
    assert.equal(times.mean(), 15);
    assert.equal(times.mean(-1), 20);
  });
});
