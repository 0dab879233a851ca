import assert from "node:assert/strict";
import { planFromObservation } from "../../../components/bsr-release/ledger/plan";
import { failuresOf, requestFor, shortSteps, stateOf } from "../asking";
import { Instance } from "../instance";

describe("what random walks have found", () => {
  it("a hop up after a way down that failed waits first until no pod of the lower minor is left", () => {
    const installed = stateOf(planFromObservation(requestFor("1.5.1"), undefined, new Instance().observed()));
    const failed = new Instance().deploys("1.5.1").failsToVerify("1.4.1");
    const state = stateOf(planFromObservation(requestFor("1.6.0"), installed, failed.observed()));
    assert.deepEqual(shortSteps(state), ["deploy 1.5.1", "deploy 1.6.0"]);
  });

  it("a jump from a required stop that was made by hand and taken back does not go on: its data migration may be left", () => {
    const installed = stateOf(planFromObservation(requestFor("1.7.0"), undefined, new Instance().observed()));
    const jump = { strategy: "maintenance", policy: { allowDowntime: true, snapshots: true } } as const;
    const byHand = new Instance().deploys("1.7.0").isUpgradedByHand("1.10.0").isRolledBackByHand(1);
    const [refusal = ""] = failuresOf(
      planFromObservation(requestFor("1.10.0", jump), installed, byHand.observed()),
    );
    assert.match(
      refusal,
      /^unfinished-maintenance\n {2}found: {2}1\.7\.0 .* 1\.10\.0, beyond the required stop 1\.7/,
    );
    const own = new Instance().deploys("1.7.0").failsToVerify("1.10.0");
    assert.deepEqual(
      shortSteps(stateOf(planFromObservation(requestFor("1.10.0", jump), installed, own.observed()))),
      ["deploy 1.7.0 (maintenance)", "snapshot 1.7.0", "deploy 1.10.0"],
    );
  });

  it("a release whose database was restored since is taken over at the snapshot's version", () => {
    const restored = new Instance().deploys("1.4.1").restores("20260101t000000z-1.2.0");
    const adopts = planFromObservation(
      requestFor("1.2.0", { policy: { adopt: 1 } }),
      undefined,
      restored.observed(),
    );
    assert.deepEqual(shortSteps(stateOf(adopts)), ["deploy 1.2.0", "deploy 1.2.0"]);
  });
});
