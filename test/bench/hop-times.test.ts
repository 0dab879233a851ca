import assert from "node:assert/strict";
import { byNumber } from "../../bench/hops/by-number";
import { HopTimes } from "../../bench/hops/hop-times";
import { UpPhases } from "../../bench/timed-up";

describe("the times of hops", () => {
  it("are told by the lines of pulumi up, from the end of the preflight and from verification to verification", () => {
    let now = 0;
    const times = new HopTimes(() => now);
    const at = (moment: number, line: string) => {
      now = moment;
      times.see(` +  command:local:Command bsr-2-${line}`);
    };
    at(1, "0-preflight create ");
    at(2, "0-preflight creating (0s) ");
    at(5, "0-preflight created (3s) charts 1.2.0, 1.3.1 can be deployed");
    at(6, "1-deploy-1.2.0 creating (0s) ");
    at(7, "1-deploy-1.2.0 creating (1s) 1.2.0: chart pulled");
    at(15, "1-deploy-1.2.0 creating (10s) 1.2.0: verified");
    at(16, "1-deploy-1.2.0 created (10s) 1.2.0: verified");
    at(17, "2-begin-1.3.1 creating (0s) ");
    at(20, "2-begin-1.3.1 creating (3s) 1.3.1: ready to deploy (1.2.0 at revision 2)");
    at(35, "2-verify-1.3.1 creating (12s) 1.3.1: verified, schema version 241");
    assert.deepEqual(times.each, [10, 20]);
    assert.deepEqual([times.hops, times.last], [[10], 20]);
  });

  it("are held against each other without the last deploy of each run, which is another thing", () => {
    const walk = (deploys: number, hopMs: readonly number[]) => ({
      deploys,
      hopMs,
      lastMs: 20_000,
      upMs: 0,
      upSkipPreviewMs: 0,
    });
    const walks = [walk(4, [10_000, 10_000, 13_000]), walk(2, [9000]), walk(2, [11_000])];
    assert.deepEqual(byNumber(walks), {
      bench: "time of a hop, by the number of deploys of its pulumi up",
      of4Ms: 11_000,
      of2Ms: 10_000,
      minMs: 9000,
      maxMs: 13_000,
      lastDeployMs: 20_000,
      ratio: 1.1,
      goal: 1.1,
      met: true,
    });
  });
});

describe("the times of pulumi up", () => {
  it("are those of a user's, which previews first, and of one that skips that", () => {
    let now = 10;
    const phases = new UpPhases(() => now);
    const at = (moment: number, line: string) => {
      now = moment;
      phases.see(line);
    };
    at(11, "Previewing update (bench-1a2b):");
    at(30, "    Updating the database (soon)");
    at(40, "Updating (bench-1a2b):");
    at(90, "Updating (bench-1a2b):");
    now = 100;
    assert.deepEqual(phases.end(), { upMs: 90, upSkipPreviewMs: 60 });
  });

  it("are not told where nothing says when the preview ended", () => {
    assert.throws(() => new UpPhases(() => 0).end(), /no line of pulumi up says that the preview is over/);
  });
});
