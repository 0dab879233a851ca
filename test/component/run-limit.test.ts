import { strict as assert } from "node:assert";
import { planFromObservation } from "../../components/bsr-release/ledger/plan";
import { failuresOf, requestFor, stateOf } from "./asking";
import { Instance } from "./instance";

const asked = (target: string, policy: object) => requestFor(target, { policy });

describe("a plan that a limit ends", () => {
  const installed = () => {
    const story = new Instance();
    const first = stateOf(planFromObservation(asked("1.1.0", {}), undefined, story.observed()));
    return { first, story: story.deploys("1.1.0", first.plan.transition) };
  };

  it("is taken up by the next run, in the same lineage", () => {
    const { first, story } = installed();
    const limited = asked("1.4.1", { deploysPerRun: 2 });
    const one = stateOf(planFromObservation(limited, first, story.observed()));
    assert.deepEqual([one.plan.from, one.plan.to, one.target], ["1.1.0", "1.3.1", "1.4.1"]);
    story.deploys("1.2.0", one.plan.transition).deploys("1.3.1", one.plan.transition);
    const two = stateOf(planFromObservation(limited, one, story.observed()));
    assert.deepEqual([two.plan.from, two.plan.to, two.plan.later], ["1.3.1", "1.4.1", undefined]);
    assert.equal(two.plan.lineage, one.plan.lineage);
    story.deploys("1.4.1", two.plan.transition);
    assert.deepEqual(stateOf(planFromObservation(limited, two, story.observed())), two);
  });

  it("was approved whole, with all runs of it", () => {
    const { first, story } = installed();
    const whole = stateOf(planFromObservation(asked("1.4.1", {}), first, story.observed())).plan.hash;
    const approved = asked("1.4.1", { deploysPerRun: 1, approvedPlan: whole });
    const one = stateOf(planFromObservation(approved, first, story.observed()));
    assert.equal(one.plan.hash, whole);
    story.deploys("1.2.0", one.plan.transition);
    const two = stateOf(planFromObservation(approved, one, story.observed()));
    assert.equal(two.plan.to, "1.3.1");
    story.isUpgradedByHand("1.3.0");
    assert.match(failuresOf(planFromObservation(approved, one, story.observed())).join("\n"), /^drift/);
  });
});
