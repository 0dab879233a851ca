import { strict as assert } from "node:assert";
import { planFromObservation } from "../../components/bsr-release/ledger/plan";
import { planLines } from "../../components/bsr-release/plan/text";
import { builtInFacts } from "../../components/migrations/facts";
import { joinedFailuresOf, requestFor, shortSteps, stateOf } from "./asking";
import { Instance } from "./instance";

const told = (text: string) => ({ policy: { restoredTo: text }, observe: { usesJobs: true } });

describe("the ledger's plan of a restore by hand", () => {
  it("accepts it and deploys its version, whatever runs now", () => {
    const instance = new Instance().deploys("1.2.0").deploys("1.3.1").failsToVerify("1.4.1");
    const first = stateOf(planFromObservation(requestFor("1.3.1"), undefined, new Instance().observed()));
    const state = stateOf(
      planFromObservation(requestFor("1.2.0", told("1.2.0,239")), first, instance.observed()),
    );
    assert.deepEqual(shortSteps(state), ["restore 1.2.0 at 239", "deploy 1.2.0"]);
    assert.deepEqual([state.plan.schemaOwner, state.plan.highWaterMark], ["1.2.0", "1.2.0"]);
    assert.equal(state.plan.restore, "1.2.0,239");
  });

  it("belongs to the release that has brought its schema version", () => {
    const state = stateOf(
      planFromObservation(
        requestFor("1.7.0", told("1.7.0,266")),
        stateOf(planFromObservation(requestFor("1.7.0"), undefined, new Instance().observed())),
        new Instance().deploys("1.7.0").observed(),
      ),
    );
    assert.deepEqual(state.position.schemaOwner, "1.7.0");
  });

  it("needs a method that reads the schema version", () => {
    const result = planFromObservation(
      requestFor("1.2.0", { policy: { restoredTo: "1.2.0,239" } }),
      stateOf(planFromObservation(requestFor("1.2.0"), undefined, new Instance().observed())),
      new Instance().deploys("1.2.0").observed(),
    );
    assert.match(joinedFailuresOf(result).join(), /^snapshot-method-missing: restoredTo is 1\.2\.0,239/);
  });

  it("is done once for as long as it is told, and again when it is told anew", () => {
    const instance = new Instance().deploys("1.2.0").deploys("1.3.1").restores("1.2.0,239").deploys("1.2.0");
    const request = requestFor("1.2.0", told("1.2.0,239"));
    const before = stateOf(planFromObservation(requestFor("1.3.1"), undefined, new Instance().observed()));
    const anew = stateOf(planFromObservation(request, before, instance.observed()));
    assert.deepEqual(shortSteps(anew), ["restore 1.2.0 at 239", "deploy 1.2.0"]);
    instance.deploys("1.2.0", anew.plan.transition);
    const done = stateOf(planFromObservation(request, anew, instance.observed()));
    assert.deepEqual(shortSteps(done), shortSteps(anew), "the finished plan is answered again");
    assert.equal(done.plan.transition, anew.plan.transition);
    const removed = stateOf(planFromObservation(requestFor("1.2.0"), done, instance.observed()));
    assert.equal(removed.restoredTo, undefined);
    const toldAnew = stateOf(planFromObservation(request, removed, instance.observed()));
    assert.notEqual(toldAnew.plan.transition, anew.plan.transition);
  });
});

describe("the ledger's plan of a restore", () => {
  const installed = () =>
    stateOf(planFromObservation(requestFor("1.2.0"), undefined, new Instance().observed()));
  const instance = new Instance().deploys("1.2.0").takesSnapshot(1).deploys("1.3.1");
  const restore = instance.observed().record?.snapshots[0]?.id ?? "";
  const planned = (snapshots: boolean, usesJobs: boolean) =>
    planFromObservation(
      requestFor("1.2.0", { policy: { restore, snapshots }, observe: { usesJobs } }),
      installed(),
      instance.observed(),
    );

  it("restores with the method that took the snapshot", () => {
    assert.deepEqual(shortSteps(stateOf(planned(true, true))), ["restore 1.2.0 at 0", "deploy 1.2.0"]);
  });

  for (const [what, snapshots, given] of [
    ["without a method", false, "no snapshot method"],
    ["with another method", true, "snapshot.command"],
  ] as const) {
    it(`is refused ${what}, and both are named`, () => {
      assert.deepEqual(joinedFailuresOf(planned(snapshots, false)), [
        `snapshot-method-missing: The snapshot ${restore} was taken with snapshot.pgDump, and ${given} is given. ` +
          "The method that took the snapshot. Set snapshot.pgDump, at least for this pulumi up.",
      ]);
    });
  }
});

describe("the ledger's plan after a restore that was cut off", () => {
  it("deploys what is deployed once more, which starts the pods, and says that nobody is served", () => {
    const instance = new Instance().deploys("1.2.0");
    const first = stateOf(planFromObservation(requestFor("1.2.0"), undefined, new Instance().observed()));
    const state = stateOf(
      planFromObservation(requestFor("1.2.0"), first, instance.isCutOffRestoring("x").observed()),
    );
    assert.deepEqual(shortSteps(state), ["deploy 1.2.0"]);
    assert.ok(
      planLines(builtInFacts, state.plan, state.position).includes(
        "downtime: now, as a restore has stopped the pods, until step 1 (1.2.0) is verified",
      ),
    );
  });
});
