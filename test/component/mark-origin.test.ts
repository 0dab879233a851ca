import { strict as assert } from "node:assert";
import { planFromObservation } from "../../components/bsr-release/ledger/plan";
import { joinedFailuresOf, requestFor, stateOf } from "./asking";
import { Instance } from "./instance";

describe("the refusal to go below the high-water mark", () => {
  const previous = stateOf(planFromObservation(requestFor("1.6.0"), undefined, new Instance().observed()));
  const told = (instance: Instance) =>
    joinedFailuresOf(planFromObservation(requestFor("1.4.1"), previous, instance.observed())).join();

  it("tells the attempt that has set the mark", () => {
    assert.match(
      told(new Instance().deploys("1.5.1").failsToVerify("1.6.0")),
      /^below-high-water-mark: .* is 1\.6\.0\. The stack bsr\/test attempted it at 2026-\S+ \(Helm revision 2\), and never verified it\./,
    );
  });

  it("tells a deploy by hand, which is in Helm's history only", () => {
    assert.match(
      told(new Instance().deploys("1.5.1").isUpgradedByHand("1.6.0").isRolledBackByHand(1)),
      /Helm's revision 2 deployed it \(superseded: Upgrade complete\), and no transition of this component did\./,
    );
  });

  it("tells the record, where its attempt is no longer listed", () => {
    assert.match(
      told(new Instance().deploys("1.5.1").remembersMark("1.6.0")),
      /The cluster's record says so; its attempt is no longer listed\./,
    );
  });
});
