import { strict as assert } from "node:assert";
import { planFromObservation, planFromState } from "../../components/bsr-release/ledger/plan";
import type { LedgerRequest } from "../../components/bsr-release/ledger/request";
import type { LedgerState } from "../../components/bsr-release/ledger/state";
import { failuresOf, joinedFailuresOf, requestFor, shortSteps, stateOf } from "./asking";
import { Instance } from "./instance";

type Promotion = NonNullable<LedgerRequest["policy"]["promotion"]>;

const at = "2026-03-01T12:00:00.000Z";
const dayLater = "2026-03-02T12:00:00.000Z";

/** What the ledger is told of dev. */
function dev(version: string | undefined, rest: Partial<Promotion> = {}): Promotion {
  return {
    stack: "organization/bsr/dev",
    readAt: dayLater,
    ...(version === undefined ? {} : { verified: { version, at } }),
    ...rest,
  };
}

const to = (target: string, promotion: Promotion, policy: Partial<LedgerRequest["policy"]> = {}) =>
  requestFor(target, { policy: { ...policy, promotion } });

/** The state of a stack whose instance was installed at a version, when nothing was asked of promotions yet. */
function installed(version: string): LedgerState {
  return stateOf(planFromObservation(requestFor(version), undefined, new Instance().observed()));
}

function codesOf(texts: readonly string[]): string[] {
  return texts.map((text) => text.split(/[:\n]/)[0] ?? "");
}

/** The warnings that speak of promotions. */
function told({ plan }: LedgerState): string[] {
  return plan.warnings.filter((text) => text.startsWith("promotion"));
}

describe("a promotion", () => {
  const running = () => new Instance().deploys("1.4.0");
  const bump = (promotion: Promotion, target = "1.5.1") =>
    planFromObservation(to(target, promotion), installed("1.4.0"), running().observed());

  describe("lets through", () => {
    it("what the other stack has verified, and says nothing of it", () => {
      const state = stateOf(bump(dev("1.5.1")));
      assert.deepEqual(shortSteps(state), ["deploy 1.5.1"]);
      assert.deepEqual(told(state), []);
    });

    it("what has run there for exactly as long as it shall", () => {
      assert.deepEqual(shortSteps(stateOf(bump(dev("1.5.1", { soak: "24h" })))), ["deploy 1.5.1"]);
    });

    it("an installation of it, too", () => {
      const state = planFromObservation(to("1.5.1", dev("1.5.1")), undefined, new Instance().observed());
      assert.equal(stateOf(state).plan.direction, "install");
    });

    const soaks = [
      ["1440s", "1441m"],
      ["1440m", "25h"],
      ["24h", "2d"],
      ["1d", "1w"],
    ] as const;
    for (const [over, longer] of soaks) {
      it(`what has run there for ${over}, and not for ${longer}`, () => {
        const result = bump(dev("1.5.1", { soak: over }));
        assert.deepEqual(shortSteps(stateOf(result)), ["deploy 1.5.1"]);
        assert.deepEqual(codesOf(failuresOf(bump(dev("1.5.1", { soak: longer })))), ["promotion-soak"]);
      });
    }
  });

  describe("refuses", () => {
    it("what the other stack does not run yet", () => {
      assert.deepEqual(joinedFailuresOf(bump(dev("1.4.0", { soak: "72h" }))), [
        "promotion-version: The stack organization/bsr/dev runs 1.4.0, verified at 2026-03-01T12:00:00.000Z, and " +
          "1.5.1 is asked for. A version that is new here is verified in organization/bsr/dev first, and has run there " +
          "for 72h since. Deploy 1.5.1 there first. " +
          'To deploy it here all the same, set promotion.override to "1.5.1".',
      ]);
    });

    it("what the other stack runs no longer", () => {
      assert.deepEqual(joinedFailuresOf(bump(dev("1.10.0"))), [
        "promotion-version: The stack organization/bsr/dev runs 1.10.0, verified at 2026-03-01T12:00:00.000Z, and " +
          "1.5.1 is asked for. A version that is new here is verified in organization/bsr/dev first. " +
          "Set version to 1.10.0, as that stack has moved on. " +
          'To deploy it here all the same, set promotion.override to "1.5.1".',
      ]);
    });

    it("what has not run there for long enough", () => {
      assert.deepEqual(joinedFailuresOf(bump(dev("1.5.1", { soak: "72h" }))), [
        "promotion-soak: The stack organization/bsr/dev verified 1.5.1 at 2026-03-01T12:00:00.000Z, and it is " +
          "2026-03-02T12:00:00.000Z now. A version that is new here is verified in organization/bsr/dev first, and has " +
          "run there for 72h since. Wait until 2026-03-04T12:00:00.000Z, then run pulumi up again. " +
          'To deploy it here all the same, set promotion.override to "1.5.1".',
      ]);
    });

    it("what was verified there only after the clock of this machine, until it was", () => {
      const result = bump(dev("1.5.1", { soak: "1s", readAt: "2026-03-01T11:59:00.000Z" }));
      assert.match(joinedFailuresOf(result)[0] ?? "", /Wait until 2026-03-01T12:00:01\.000Z/);
    });

    it("what it cannot know of", () => {
      const unreadable = 'unknown stack "organization/bsr/dev"';
      assert.deepEqual(joinedFailuresOf(bump(dev(undefined, { unreadable }))), [
        "promotion-source: 1.5.1 is to be promoted from the stack organization/bsr/dev, and what runs there cannot be " +
          'read: unknown stack "organization/bsr/dev". A version that is new here is verified in organization/bsr/dev ' +
          "first. Correct promotion.from, or run pulumi up there, with deployedVersion and verifiedAt among its outputs " +
          '(or in the one that promotion.output names). To deploy it here all the same, set promotion.override to "1.5.1".',
      ]);
    });

    it("what another version overrides, and says so", () => {
      assert.match(
        joinedFailuresOf(bump(dev("1.4.0", { override: "1.5.0" })))[0] ?? "",
        /set promotion\.override to "1\.5\.1"; it is "1\.5\.0", which is another version\.$/,
      );
    });

    it("a first installation", () => {
      const result = planFromObservation(to("1.5.1", dev("1.4.0")), undefined, new Instance().observed());
      assert.deepEqual(codesOf(failuresOf(result)), ["promotion-version"]);
    });

    it("a new target also where the cluster cannot be looked at", () => {
      const result = planFromState(to("1.5.1", dev("1.4.0")), installed("1.4.0"), "no route");
      assert.deepEqual(codesOf(failuresOf(result)), ["promotion-version"]);
    });

    it("beside all else that is refused", () => {
      const asked = to("1.16.1", dev("1.15.2"), { approvedPlan: "0123456789abcdef" });
      const owned = new Instance().deploys("1.15.2");
      const refusals = (request: LedgerRequest, instance: Instance) =>
        codesOf(failuresOf(planFromObservation(request, installed("1.15.2"), instance.observed())));
      assert.deepEqual(refusals(asked, owned), ["license-required", "promotion-version"]);
      const licensed = {
        ...asked,
        policy: { ...asked.policy, given: [{ path: "license.key", versions: "*" }] },
      };
      assert.deepEqual(refusals(licensed, owned), ["promotion-version", "plan-not-approved"]);
      assert.deepEqual(refusals(asked, new Instance().deploys("1.15.2").isUpgradedByHand("1.14.0")), [
        "drift",
        "promotion-version",
      ]);
      const unseen = planFromState(asked, installed("1.15.2"), "no route");
      assert.deepEqual(codesOf(failuresOf(unseen)), ["license-required", "promotion-version"]);
    });

    it("no version that there is not, which stands alone", () => {
      for (const target of ["1.99.0", "v1.5.1"]) {
        const codes = codesOf(failuresOf(bump(dev("1.4.0"), target)));
        assert.ok(codes.length === 1 && codes[0] !== "promotion-version", codes.join());
      }
    });
  });

  describe("has no say", () => {
    it("where nothing changes, whatever the other stack runs", () => {
      const state = installed("1.4.0");
      const again = planFromObservation(to("1.4.0", dev("1.9.1")), state, running().observed());
      assert.deepEqual(stateOf(again), state);
    });

    it("in a transition that was begun, also when the other stack has moved on meanwhile", () => {
      const instance = running();
      const begun = stateOf(
        planFromObservation(to("1.7.0", dev("1.7.0")), installed("1.4.0"), instance.observed()),
      );
      instance.deploys("1.5.1").failsToVerify("1.6.0");
      const rest = planFromObservation(to("1.7.0", dev("1.9.1")), begun, instance.observed());
      assert.deepEqual(shortSteps(stateOf(rest)), ["deploy 1.6.0", "deploy 1.7.0"]);
    });

    it("but has it of one that failed before any deploy was begun", () => {
      const instance = running();
      const planned = stateOf(
        planFromObservation(to("1.5.1", dev("1.5.1")), installed("1.4.0"), instance.observed()),
      );
      const again = planFromObservation(to("1.5.1", dev("1.4.1")), planned, instance.observed());
      assert.deepEqual(codesOf(failuresOf(again)), ["promotion-version"]);
    });

    it("but has it again of another target after a transition that was begun", () => {
      const instance = running();
      const begun = stateOf(
        planFromObservation(to("1.7.0", dev("1.7.0")), installed("1.4.0"), instance.observed()),
      );
      instance.deploys("1.5.1").failsToVerify("1.6.0");
      const other = planFromObservation(to("1.8.3", dev("1.9.1")), begun, instance.observed());
      assert.deepEqual(codesOf(failuresOf(other)), ["promotion-version"]);
    });

    it("on the way down", () => {
      const state = installed("1.5.1");
      const instance = new Instance().deploys("1.5.1");
      for (const target of ["1.5.0", "1.4.1"]) {
        const down = planFromObservation(to(target, dev("1.9.1")), state, instance.observed());
        assert.equal(stateOf(down).plan.direction, "downgrade");
      }
    });

    it("on the way back after a deploy that failed", () => {
      const instance = running();
      const begun = stateOf(
        planFromObservation(to("1.5.1", dev("1.5.1")), installed("1.4.0"), instance.observed()),
      );
      instance.failsToVerify("1.5.1");
      const back = planFromObservation(to("1.4.0", dev("1.9.1")), begun, instance.observed());
      assert.deepEqual(shortSteps(stateOf(back)), ["deploy 1.4.0", "down 246 by 1.5.1"]);
    });

    it("where what runs is taken over", () => {
      const drifted = running().isUpgradedByHand("1.5.1").observed();
      const taken = planFromObservation(to("1.5.1", dev("1.4.0")), installed("1.4.0"), drifted);
      assert.equal(stateOf(taken).plan.direction, "redeploy");
    });

    it("in a restore", () => {
      const instance = new Instance().deploys("1.4.0").deploys("1.5.1").losesRecord();
      const asked = to("1.4.0", dev("1.9.1"), { restoredTo: "1.4.0,246" });
      const request = { ...asked, observe: { ...asked.observe, usesJobs: true } };
      const result = planFromObservation(request, installed("1.5.1"), instance.observed());
      assert.equal(stateOf(result).plan.direction, "restore");
    });
  });

  describe("that is overridden", () => {
    it("says in the plan what was found, and against what it is deployed", () => {
      const state = stateOf(bump(dev("1.5.1", { soak: "72h", override: "1.5.1" })));
      assert.deepEqual(shortSteps(state), ["deploy 1.5.1"]);
      assert.deepEqual(told(state), [
        "promotion-overridden: promotion.override deploys 1.5.1 against the promotion: The stack organization/bsr/dev " +
          "verified 1.5.1 at 2026-03-01T12:00:00.000Z, and it is 2026-03-02T12:00:00.000Z now. A version that is new " +
          "here is verified in organization/bsr/dev first, and has run there for 72h since. Remove the override afterwards.",
      ]);
    });

    it("needs no other stack", () => {
      const state = stateOf(bump(dev(undefined, { unreadable: "it is gone", override: "1.5.1" })));
      assert.match(told(state)[0] ?? "", /^promotion-overridden: .* cannot be read: it is gone\./);
    });

    it("says so also where the cluster cannot be looked at", () => {
      const asked = to("1.5.1", dev("1.4.0", { override: "1.5.1" }));
      assert.deepEqual(codesOf(told(stateOf(planFromState(asked, installed("1.4.0"), "no route")))), [
        "promotion-overridden",
      ]);
    });

    it("without need gets a warning", () => {
      const unused =
        'promotion-override-unused: promotion.override is "1.5.1", and this plan does not need it. Remove it.';
      assert.deepEqual(told(stateOf(bump(dev("1.5.1", { override: "1.5.1" })))), [unused]);
      assert.deepEqual(told(stateOf(bump(dev("1.6.0", { override: "1.5.1" }), "1.6.0"))), [unused]);
      const down = planFromObservation(
        to("1.3.1", dev("1.4.0", { override: "1.5.1" })),
        installed("1.4.0"),
        running().observed(),
      );
      assert.deepEqual(told(stateOf(down)), [unused]);
    });

    it("changes no plan and no hash", () => {
      const { plan } = stateOf(bump(dev("1.4.0", { override: "1.5.1" })));
      const { plan: free } = stateOf(
        planFromObservation(requestFor("1.5.1"), installed("1.4.0"), running().observed()),
      );
      assert.deepEqual({ ...plan, warnings: free.warnings }, free);
    });
  });

  it("leaves nothing of itself in the state", () => {
    assert.doesNotMatch(JSON.stringify(stateOf(bump(dev("1.5.1", { soak: "1h" })))), /dev|soak|2026-03/);
  });
});
