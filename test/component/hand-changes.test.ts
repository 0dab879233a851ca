import { strict as assert } from "node:assert";
import { planFromObservation } from "../../components/bsr-release/ledger/plan";
import type { LedgerState } from "../../components/bsr-release/ledger/state";
import { failuresOf, requestFor, shortSteps, stateOf } from "./asking";
import { Instance } from "./instance";

/** The state of a stack that deployed a version and saw it verified. */
function deployed(version: string, instance: Instance): LedgerState {
  const first = stateOf(planFromObservation(requestFor(version), undefined, new Instance().observed()));
  instance.deploys(version);
  return stateOf(planFromObservation(requestFor(version), first, instance.observed()));
}

/** What a plan tells after something was done to an instance by hand. */
function told(target: string, version: string, story: (instance: Instance) => Instance) {
  const instance = new Instance();
  const previous = deployed(version, instance);
  const state = stateOf(planFromObservation(requestFor(target), previous, story(instance).observed()));
  const warnings = state.plan.warnings.filter((text) => !text.startsWith("no-snapshot"));
  return { warnings, steps: shortSteps(state), schemaOwner: state.plan.schemaOwner };
}

describe("a stack that another one was quicker than", () => {
  it("plans anew: its own plan was never begun, and would be refused for ever", () => {
    const instance = new Instance();
    const before = deployed("1.4.0", instance);
    const late = stateOf(planFromObservation(requestFor("1.5.1"), before, instance.observed()));
    instance.begins("1.5.1", { stack: "bsr/other" }).reaches("1.5.1");
    const state = stateOf(planFromObservation(requestFor("1.5.1"), late, instance.observed()));
    assert.deepEqual(shortSteps(state), []);
    assert.equal(state.plan.transition, late.plan.transition + 1);
    // Its step has told the record of it: nothing is planned any more.
    const told = new Instance();
    deployed("1.4.0", told);
    told.begins("1.5.1", { stack: "bsr/other" }).reaches("1.5.1").passesWithoutDeploy(state.plan.transition);
    const again = stateOf(planFromObservation(requestFor("1.5.1"), state, told.observed()));
    assert.equal(again.plan.transition, state.plan.transition);
  });
});

describe("what was changed by hand is told with the plan", () => {
  it("not where nothing was", () => {
    assert.deepEqual(told("1.5.1", "1.4.0", (instance) => instance).warnings, []);
  });

  it("not of the Release's own change of values, nor of own attempts", () => {
    assert.deepEqual(
      told("1.5.1", "1.4.0", (instance) => instance.changesValues({ verified: false })).warnings,
      [],
    );
    assert.deepEqual(told("1.5.1", "1.4.0", (instance) => instance.failsInHelm("1.5.1")).warnings, []);
  });

  it("values by their paths alone, and maintenance", () => {
    const { warnings, steps } = told("1.4.0", "1.4.0", (instance) =>
      instance.isChangedByHand({
        values: { storage: { s3: { secretKey: "top-secret" } } },
        maintenance: true,
      }),
    );
    assert.deepEqual(warnings, [
      "changed-by-hand: No transition deployed 1.4.0 at Helm revision 2 (deployed at 2026-01-01T02:00:00.000Z: " +
        "Upgrade complete). It turned maintenance on. Values that differ from those that were verified: storage. " +
        "This plan deploys with the configured values, which undoes what was changed by hand.",
    ]);
    assert.deepEqual(steps, ["deploy 1.4.0"]);
  });

  it("an upgrade that was rolled back, with the way that takes the database back", () => {
    const { warnings, steps } = told("1.4.0", "1.4.0", (instance) =>
      instance.isUpgradedByHand("1.5.1").isRolledBackByHand(1),
    );
    assert.match(
      warnings[0] ?? "",
      /No transition deployed 1\.5\.1 at .*, nor 1\.4\.0 at .*: Rollback to 1\)\./,
    );
    assert.deepEqual(steps, ["deploy 1.4.0", "down 246 by 1.5.1"]);
  });

  it("what is taken over", () => {
    const { warnings, steps } = told("1.6.0", "1.4.0", (instance) => instance.isUpgradedByHand("1.6.0"));
    assert.match(warnings[0] ?? "", /^taken-over: No transition deployed 1\.6\.0 at Helm revision 2 /);
    assert.deepEqual(steps, ["deploy 1.6.0"]);
  });

  it("an edited image, whose release then counts as deployed", () => {
    const { warnings, steps, schemaOwner } = told("1.4.0", "1.4.0", (instance) =>
      instance.hasImageOf("1.4.1"),
    );
    assert.deepEqual(warnings, [
      "edited-by-hand: Deployment/bufd/bufd has the image registry.example.com/bufd:1.4.1, and " +
        "registry.example.com/bufd:1.4.0 was verified. Its release counts as deployed, as it may have migrated the " +
        "database: 1.4.1. This plan deploys again what the chart has.",
    ]);
    assert.deepEqual([steps, schemaOwner], [["deploy 1.4.0"], "1.4.1"]);
  });

  it("an uninstall, unless it was pulumi destroy or nothing was ever deployed", () => {
    const { warnings, steps } = told("1.4.0", "1.4.0", (instance) => instance.isUninstalled());
    assert.match(
      warnings[0] ?? "",
      /^uninstalled: Helm has no release bsr, .* Run it as pulumi up --refresh,/,
    );
    assert.deepEqual(steps, ["deploy 1.4.0"]);
    const kept = told("1.4.0", "1.4.0", (instance) => instance.isUninstalled({ keepingHistory: true }));
    assert.match(kept.warnings[0] ?? "", /remove that with helm uninstall bsr -n bsr\. /);

    const again = new Instance().deploys("1.4.0").isUninstalled();
    const first = stateOf(planFromObservation(requestFor("1.4.0"), undefined, again.observed()));
    const second = stateOf(planFromObservation(requestFor("1.4.0"), first, again.begins("1.4.0").observed()));
    assert.deepEqual(
      [...first.plan.warnings, ...second.plan.warnings].filter((text) => text.startsWith("uninstalled")),
      [],
    );
  });

  it("an upgrade over two minors that was rolled back is refused, with the way back to what knows the database", () => {
    const instance = new Instance();
    const previous = deployed("1.4.0", instance);
    instance.isUpgradedByHand("1.6.0").isRolledBackByHand(1);
    const [text = ""] = failuresOf(planFromObservation(requestFor("1.4.0"), previous, instance.observed()));
    assert.match(text, /^unfinished-maintenance\n.*no transition of this component did\./);
    assert.match(text, /Or bring 1\.6\.0 back, .* to revision 2, then version: 1\.6\.0 and pulumi up\./);
  });
});
