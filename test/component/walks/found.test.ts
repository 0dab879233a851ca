import assert from "node:assert/strict";
import { planFromObservation } from "../../../components/bsr-release/ledger/plan";
import { requestFor, shortSteps, stateOf } from "../asking";
import { Instance } from "../instance";

describe("what random walks have found", () => {
  it("a hop up after a way down that failed waits first until no pod of the lower minor is left", () => {
    const installed = stateOf(planFromObservation(requestFor("1.5.1"), undefined, new Instance().observed()));
    const failed = new Instance().deploys("1.5.1").failsToVerify("1.4.1");
    const state = stateOf(planFromObservation(requestFor("1.6.0"), installed, failed.observed()));
    assert.deepEqual(shortSteps(state), ["deploy 1.5.1", "deploy 1.6.0"]);
  });
});
