import assert from "node:assert/strict";
import { planFromObservation } from "../../../components/bsr-release/ledger/plan";
import type { LedgerState } from "../../../components/bsr-release/ledger/state";
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
    const own = new Instance().deploys("1.7.0").completesDataMigration("1.7.0", 1).failsToVerify("1.10.0");
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

  const asked = (version: string, previous: LedgerState | undefined, story: Instance, adopt?: number) =>
    planFromObservation(
      requestFor(version, adopt === undefined ? {} : { policy: { adopt } }),
      previous,
      story.observed(),
    );

  it("a release whose taking over was cut off is taken over also where the record is gone", () => {
    const byHand = () => new Instance().isUpgradedByHand("1.4.0");
    const begun = stateOf(asked("1.4.0", undefined, byHand(), 1));
    const later = byHand().isChangedByHand({});
    assert.equal(stateOf(asked("1.4.0", begun, later, 1)).plan.takesOver, true);
  });

  it("a release that somebody has uninstalled and installed again may be one that a refresh made the engine forget", () => {
    const installed = stateOf(asked("1.4.0", undefined, new Instance()));
    const again = new Instance().deploys("1.4.0").isUninstalled().isUpgradedByHand("1.4.0");
    assert.equal(stateOf(asked("1.4.0", installed, again)).plan.takesOver, true);
  });

  it("a revision with the number of one that was taken over before an uninstall is not taken over again", () => {
    const begun = stateOf(asked("1.4.0", undefined, new Instance().isUpgradedByHand("1.4.0"), 1));
    const done = new Instance()
      .deploys("1.4.0", begun.plan.transition)
      .deploys("1.4.0", begun.plan.transition);
    const again = done.isUninstalled().deploys("1.4.0");
    assert.deepEqual(shortSteps(stateOf(asked("1.4.0", begun, again, 1))), []);
  });

  it("a jump from a required stop that was made by hand and taken back is told, unless its data was migrated before", () => {
    const jumped = (story: Instance) => story.isUpgradedByHand("1.9.1").isRolledBackByHand(1);
    const previous = stateOf(asked("1.7.0", undefined, new Instance()));
    const [refusal = ""] = failuresOf(asked("1.7.0", previous, jumped(new Instance().deploys("1.7.0"))));
    assert.match(refusal, /^unfinished-maintenance\n.*beyond the required stop 1\.7, was deployed by hand/);
    assert.match(refusal, /set restoredTo to/);
    const migrated = new Instance().deploys("1.7.0").completesDataMigration("1.7.0", 1);
    const [told = ""] = failuresOf(asked("1.7.0", previous, jumped(migrated)));
    assert.match(told, /Finish it: set strategy to maintenance/);
  });

  for (const [what, change] of [
    ["an image of a lower minor ran", (story) => story.hasImageOf("1.6.0")],
    ["a lower minor ran by hand", (story) => story.isUpgradedByHand("1.6.0").isUpgradedByHand("1.7.0")],
  ] as [string, (story: Instance) => Instance][]) {
    it(`a data migration is waited for again where ${what} since`, () => {
      const installed = stateOf(asked("1.7.0", undefined, new Instance()));
      const instance = new Instance().deploys("1.7.0");
      const bumped = stateOf(asked("1.8.3", installed, instance));
      instance.completesDataMigration("1.7.0", bumped.plan.lineage);
      assert.ok(!shortSteps(stateOf(asked("1.8.3", bumped, instance))).includes("await 1.7.0"));
      const state = stateOf(asked("1.8.3", bumped, change(instance)));
      assert.ok(shortSteps(state).includes("await 1.7.0"), shortSteps(state).join());
      assert.equal(state.plan.lineage, state.plan.transition);
    });
  }
});
