import { strict as assert } from "node:assert";
import { releaseSchema } from "../../components/migrations/facts";
import { planFromObservation } from "../../components/bsr-release/ledger/plan";
import type { LedgerState } from "../../components/bsr-release/ledger/state";
import { ask, refused } from "../planner/asking";
import { failuresOf, joinedFailuresOf, requestFor, shortSteps, stateOf } from "./asking";
import { Instance } from "./instance";

/** The state of a stack whose instance was installed at a version. */
function installed(version: string, given: Parameters<typeof requestFor>[1] = {}): LedgerState {
  return stateOf(planFromObservation(requestFor(version, given), undefined, new Instance().observed()));
}

describe("the ledger refuses", () => {
  it("what the planner refuses, all at once", () => {
    const running = new Instance().deploys("1.15.2");
    const result = planFromObservation(
      requestFor("1.24.0", { policy: { acknowledgeDataLoss: "no pair" } }),
      installed("1.15.2"),
      running.observed(),
    );
    assert.deepEqual(
      failuresOf(result).map((text) => text.split("\n")[0]),
      ["invalid-version", "unknown-release"],
    );
  });

  it("with found, wanted and remedy in one text, at the property target, and with no inputs", () => {
    const result = planFromObservation(
      requestFor("1.16.1"),
      installed("1.15.2"),
      new Instance().deploys("1.15.2").observed(),
    );
    assert.equal(result.inputs, undefined);
    const [refusal, ...others] = refused(ask({ from: "1.15.2", to: "1.16.1", noLicense: true }));
    assert.ok(refusal !== undefined && others.length === 0);
    const { code, found, wanted, remedy } = refusal;
    assert.deepEqual(result.failures, [
      { property: "target", reason: `${code}\n  found:  ${found}\n  wanted: ${wanted}\n  remedy: ${remedy}` },
    ]);
  });

  it("another version than the one that was installed, where record and history are both gone", () => {
    const result = planFromObservation(requestFor("1.2.0"), installed("1.9.1"), new Instance().observed());
    assert.match(failuresOf(result)[0] ?? "", /^reinstall-owner-first\n.*the database belongs to 1\.9\.1/);
  });

  describe("an instance that would move", () => {
    const elsewhere = {
      namespace: "bsr-two",
      releaseName: "registry",
      database: "other.example.com/bsr",
    } as const;
    const stayed = {
      namespace: "bsr",
      releaseName: "bsr",
      database: "postgres.example.com:5432/bsr",
    } as const;
    const keys = {
      namespace: "namespace",
      releaseName: "releaseName",
      database: "postgres.host (or cloudSqlInstance), postgres.port and postgres.database",
    } as const;
    for (const key of ["namespace", "releaseName", "database"] as const) {
      it(`to another ${key}`, () => {
        const result = planFromObservation(
          requestFor("1.5.1", { [key]: elsewhere[key] }),
          installed("1.5.1"),
          new Instance().observed(),
        );
        assert.deepEqual(joinedFailuresOf(result), [
          `moved: The stack's instance has the ${key} ${stayed[key]}, and ${elsewhere[key]} is asked for. ` +
            `The ${key} of an instance stays what it was when it was installed. ` +
            `Set ${keys[key]} back to ${stayed[key]}, or install another instance in a stack of its own.`,
        ]);
      });
    }

    it("names every part that would move", () => {
      const result = planFromObservation(
        requestFor("1.5.1", elsewhere),
        installed("1.5.1"),
        new Instance().observed(),
      );
      assert.equal(failuresOf(result).length, 3);
    });

    it("to another cluster", () => {
      const result = planFromObservation(
        requestFor("1.5.1"),
        installed("1.5.1"),
        new Instance("uid-of-another").observed(),
      );
      assert.deepEqual(joinedFailuresOf(result), [
        "other-cluster: The stack's instance runs in the cluster whose kube-system namespace has the UID " +
          "uid-of-kube-system, and kubeconfig and context now lead to uid-of-another. " +
          "A stack stays with the cluster that its instance was installed in. " +
          "Set kubeconfig and context to that cluster, or use another stack for the other cluster.",
      ]);
    });

    it("but takes the first cluster that is seen after one was assumed", () => {
      const { cluster: _unseen, ...state } = installed("1.5.1");
      const result = planFromObservation(requestFor("1.5.1"), state, new Instance("uid-of-first").observed());
      assert.equal(stateOf(result).cluster, "uid-of-first");
    });
  });

  it("to take over a Helm release that the stack did not deploy", () => {
    const result = planFromObservation(
      requestFor("1.5.1"),
      undefined,
      new Instance().isUpgradedByHand("1.4.0").observed(),
    );
    assert.ok(
      joinedFailuresOf(result).includes(
        "release-not-owned: Helm has a release bsr in the namespace bsr, 1.4.0 at Helm revision 1 (deployed at " +
          "2026-01-01T00:00:00.000Z: Upgrade complete), and this stack's state does not have it; no transition is on record. " +
          "A stack deploys a release that is its own: one instance has one stack. Select the stack that owns it, or " +
          "bring its state back (pulumi stack import). If it was installed by hand, or that state is gone for good, take " +
          "it over: version: 1.4.0 and adopt: 1, then pulumi up. For another instance, set releaseName or namespace to " +
          "others.",
      ),
    );
  });

  describe("drift", () => {
    const wanted = "A path starts at what a transition of this stack has deployed and verified.";
    const drift = (target: string, story: Instance) =>
      joinedFailuresOf(planFromObservation(requestFor(target), installed("1.4.0"), story.observed()));

    it("after an upgrade by hand to the next minor, with both ways out", () => {
      assert.deepEqual(drift("1.7.0", new Instance().deploys("1.4.0").isUpgradedByHand("1.5.1")), [
        "drift: 1.5.1 at Helm revision 2 (deployed at 2026-01-01T02:00:00.000Z: Upgrade complete) is live, no " +
          "transition on record deployed it, and 1.4.0 at revision 1 is the last one that was verified. " +
          `${wanted} ` +
          "Take over what runs: version: 1.5.1, then pulumi up, which deploys it again and verifies it. " +
          "Or go back: helm rollback bsr 1 -n bsr, then version: 1.4.0 and pulumi up, which deals with what was " +
          "migrated since.",
      ]);
    });

    it("after an upgrade by hand over two minors, which no rollback may undo", () => {
      const [text = ""] = drift("1.7.0", new Instance().deploys("1.4.0").isUpgradedByHand("1.6.0"));
      assert.match(text, /Take over what runs: version: 1\.6\.0, /);
      assert.match(
        text,
        /Do not roll back to 1\.4\.0: it does not know the database, which may be of 1\.6\.0\.$/,
      );
    });

    it("after a rollback by hand between two runs, which must not let the path jump a minor", () => {
      const [text = ""] = drift(
        "1.3.0",
        new Instance().deploys("1.1.0").deploys("1.2.0").isRolledBackByHand(1),
      );
      assert.match(
        text,
        /^drift: 1\.1\.0 at Helm revision 3 .*version: 1\.1\.0, .*helm rollback bsr 2 -n bsr/,
      );
    });

    it("after a rollback by hand over two minors, to what does not know the database", () => {
      const rolledBack = new Instance()
        .deploys("1.4.0")
        .deploys("1.5.1")
        .deploys("1.6.0")
        .isRolledBackByHand(1);
      const [text = ""] = drift("1.7.0", rolledBack);
      assert.match(
        text,
        /1\.4\.0 cannot be taken over: it does not know the database, which may be of 1\.6\.0\. Or go back: helm rollback bsr 3 /,
      );
    });

    it("where only the schema owner knows the database", () => {
      const story = new Instance().deploys("1.4.0").isUpgradedByHand("1.7.0").isUpgradedByHand("1.5.1");
      const [text = ""] = drift("1.8.3", story);
      assert.match(
        text,
        /cannot be taken over.*Do not roll back.*Bring the schema owner back: helm rollback bsr 2 -n bsr, then version: 1\.7\.0/,
      );
    });

    it("while somebody's Helm is at work, to be waited for first", () => {
      const [text = ""] = drift("1.5.1", new Instance().deploys("1.4.0").isBeingUpgradedByHand("1.4.1"));
      assert.match(
        text,
        /Wait until that Helm operation has ended; .* Take over what runs: version: 1\.4\.1/,
      );
    });

    it("also of the verified version, where somebody has uninstalled it and installed it again", () => {
      const again = new Instance()
        .deploys("1.4.0")
        .deploys("1.5.1")
        .isUninstalled()
        .isUpgradedByHand("1.5.1");
      for (const target of ["1.6.0", "1.4.1"]) {
        const [text = ""] = drift(target, again);
        assert.match(
          text,
          /^drift: 1\.5\.1 at Helm revision 1 .* no record of a verified version is left .* Take over what runs: version: 1\.5\.1/,
        );
      }
    });

    it("after an own deploy that came over one by hand, which owns the database", () => {
      const over = new Instance()
        .deploys("1.5.1")
        .begins("1.6.0")
        .isUpgradedByHand("1.8.3")
        .isDeployedByRelease("1.6.0");
      const [text = ""] = drift("1.6.0", over);
      assert.match(
        text,
        /^drift: 1\.6\.0 at Helm revision 3 .* no transition on record deployed it.* cannot be taken over: .* may be of 1\.8\.3\..* Bring the schema owner back: helm rollback bsr 2 -n bsr/,
      );
    });

    it("with the record lost, where no verified version can be named", () => {
      assert.deepEqual(drift("1.5.1", new Instance().deploys("1.4.0").losesRecord()), [
        "drift: 1.4.0 at Helm revision 1 (deployed at 2026-01-01T01:00:00.000Z: transition 1: deploy 1.4.0) is live, " +
          "no transition on record deployed it, and no record of a verified version is left in the cluster. " +
          `${wanted} Take over what runs: version: 1.4.0, then pulumi up, which deploys it again and verifies it.`,
      ]);
    });

    it("of what does not know the schema of the database, whose owner has to come back first", () => {
      const drifted = new Instance().deploys("1.4.0").deploys("1.9.1").isRolledBackByHand(1);
      for (const target of ["1.4.0", "1.9.1"]) {
        const result = planFromObservation(requestFor(target), installed("1.9.1"), drifted.observed());
        assert.deepEqual(joinedFailuresOf(result), [
          "drift: 1.4.0 at Helm revision 3 (deployed at 2026-01-01T04:00:00.000Z: Rollback to 1) is live, " +
            "no transition on record deployed it, and 1.9.1 at revision 2 is the last one that was verified. " +
            `${wanted} 1.4.0 cannot be taken over: it does not know the database, which may be of 1.9.1. ` +
            "Or go back: helm rollback bsr 2 -n bsr, then version: 1.9.1 and pulumi up, which deals with what was " +
            "migrated since.",
        ]);
      }
    });

    it("but takes over the very version that runs, by a deploy that is verified", () => {
      const drifted = new Instance().deploys("1.4.0").isUpgradedByHand("1.6.0");
      const state = stateOf(planFromObservation(requestFor("1.6.0"), installed("1.4.0"), drifted.observed()));
      assert.deepEqual(shortSteps(state), ["deploy 1.6.0"]);
      assert.equal(state.plan.direction, "redeploy");
    });
  });

  describe("a plan that was not approved", () => {
    const running = () => new Instance().deploys("1.4.0");
    const hashTo = (target: string) =>
      stateOf(planFromObservation(requestFor(target), installed("1.4.0"), running().observed())).plan.hash;

    it("names the hash to approve", () => {
      const result = planFromObservation(
        requestFor("1.6.0", { policy: { approvedPlan: hashTo("1.5.1") } }),
        installed("1.4.0"),
        running().observed(),
      );
      assert.deepEqual(joinedFailuresOf(result), [
        `plan-not-approved: The plan to 1.6.0 has the hash ${hashTo("1.6.0")}, and approvedPlan is ${hashTo("1.5.1")}. ` +
          "With approvedPlan, only the plan that was reviewed is carried out. " +
          `Review this plan with pulumi preview, then set approvedPlan to ${hashTo("1.6.0")}, or remove approvedPlan.`,
      ]);
    });

    it("but carries out the one that was, and the rest of it after a failure", () => {
      const policy = { approvedPlan: hashTo("1.6.0") };
      const instance = running();
      const approved = stateOf(
        planFromObservation(requestFor("1.6.0", { policy }), installed("1.4.0"), instance.observed()),
      );
      assert.deepEqual(shortSteps(approved), ["deploy 1.5.1", "deploy 1.6.0"]);

      instance.deploys("1.5.1").failsToVerify("1.6.0");
      const rest = stateOf(
        planFromObservation(requestFor("1.6.0", { policy }), approved, instance.observed()),
      );
      assert.deepEqual(shortSteps(rest), ["deploy 1.6.0"]);
      assert.notEqual(rest.plan.hash, policy.approvedPlan);

      // And the rest of the rest.
      instance.failsToVerify("1.6.0");
      const again = planFromObservation(requestFor("1.6.0", { policy }), rest, instance.observed());
      assert.deepEqual(shortSteps(stateOf(again)), ["deploy 1.6.0"]);
    });

    describe("where snapshots are taken", () => {
      const method = { snapshots: true };
      const whole = () =>
        stateOf(
          planFromObservation(
            requestFor("1.6.0", { policy: method }),
            installed("1.4.0"),
            running().observed(),
          ),
        ).plan.hash;
      const approved = (policy: object = method) =>
        requestFor("1.6.0", { policy: { ...method, ...policy, approvedPlan: whole() } });
      const begun = (instance: Instance, policy: object = method) =>
        stateOf(planFromObservation(approved(policy), installed("1.4.0"), instance.observed()));

      it("the rest has a snapshot of its own, and is carried out", () => {
        const instance = running();
        const first = begun(instance);
        assert.deepEqual(shortSteps(first), ["snapshot 1.4.0", "deploy 1.5.1", "deploy 1.6.0"]);
        instance.deploys("1.5.1").failsToVerify("1.6.0");
        const rest = stateOf(planFromObservation(approved(), first, instance.observed()));
        assert.deepEqual(shortSteps(rest), ["snapshot 1.5.1", "deploy 1.6.0"]);
      });

      it("so it is after a run that deploysPerRun has ended", () => {
        const instance = running();
        const one = { deploysPerRun: 1 };
        const first = begun(instance, one);
        instance.deploys("1.5.1", first.plan.transition);
        const rest = stateOf(planFromObservation(approved(one), first, instance.observed()));
        assert.deepEqual(shortSteps(rest), ["snapshot 1.5.1", "deploy 1.6.0"]);
      });

      it("it is not without the method, which was approved as well", () => {
        const instance = running();
        const first = begun(instance);
        const bare = approved({ snapshots: false });
        const codes = failuresOf(planFromObservation(bare, first, instance.observed())).map(
          (text) => text.split("\n")[0],
        );
        assert.deepEqual(codes, ["plan-not-approved"]);
      });

      it("may wait at the version that runs, deployed once more where it was not verified", () => {
        const asked = (approvedPlan?: string) =>
          requestFor("1.8.3", {
            policy: { ...method, ...(approvedPlan === undefined ? {} : { approvedPlan }) },
          });
        const instance = new Instance().deploys("1.6.0");
        const before = installed("1.6.0");
        const policy = stateOf(planFromObservation(asked(), before, instance.observed())).plan.hash;
        const first = stateOf(planFromObservation(asked(policy), before, instance.observed()));
        instance.deploys("1.7.0").changesValues({ verified: false });
        const rest = stateOf(planFromObservation(asked(policy), first, instance.observed()));
        assert.deepEqual(shortSteps(rest), ["snapshot 1.7.0", "deploy 1.7.0", "await 1.7.0", "deploy 1.8.3"]);
      });
    });

    it("binds a restore to the one snapshot", () => {
      const instance = new Instance().deploys("1.4.0");
      instance.takesSnapshot(1).takesSnapshot(1).deploys("1.5.1");
      const [one, other] = instance.observed().record?.snapshots.map(({ id }) => id) ?? [];
      const asked = (restore: string | undefined, approvedPlan?: string) =>
        requestFor("1.4.0", {
          policy: {
            snapshots: true,
            ...(restore === undefined ? {} : { restore }),
            ...(approvedPlan === undefined ? {} : { approvedPlan }),
          },
          observe: { usesJobs: true },
        });
      const before = installed("1.5.1");
      const { hash } = stateOf(planFromObservation(asked(one), before, instance.observed())).plan;
      const approved = stateOf(planFromObservation(asked(one, hash), before, instance.observed()));
      assert.equal(approved.restore, one);
      for (const previous of [before, approved]) {
        const result = planFromObservation(asked(other, hash), previous, instance.observed());
        assert.match(failuresOf(result)[0] ?? "", /^plan-not-approved/);
      }
    });

    it("also when it does something that the approved one to the same target did not", () => {
      const instance = new Instance().deploys("1.4.0");
      const policy = { approvedPlan: hashTo("1.6.0") };
      const approved = stateOf(
        planFromObservation(requestFor("1.6.0", { policy }), installed("1.4.0"), instance.observed()),
      );
      const newer = { ...releaseSchema.parse({ version: "1.5.9", databaseVersion: 250 }) };
      const result = planFromObservation(
        requestFor("1.6.0", { policy: { ...policy, releases: [newer] } }),
        approved,
        instance.observed(),
      );
      assert.deepEqual(
        failuresOf(result).map((text) => text.split("\n")[0]),
        ["plan-not-approved"],
      );
    });

    it("also when another plan to the same target was approved before", () => {
      const approved = stateOf(
        planFromObservation(
          requestFor("1.6.0", { policy: { approvedPlan: hashTo("1.6.0") } }),
          installed("1.4.0"),
          running().observed(),
        ),
      );
      const result = planFromObservation(
        requestFor("1.6.0", { policy: { approvedPlan: "0123456789abcdef" } }),
        approved,
        running().deploys("1.5.1").observed(),
      );
      assert.deepEqual(
        failuresOf(result).map((text) => text.split("\n")[0]),
        ["plan-not-approved"],
      );
    });

    it("also on the way to another target, whatever was approved before", () => {
      const policy = { approvedPlan: hashTo("1.6.0") };
      const approved = stateOf(
        planFromObservation(requestFor("1.6.0", { policy }), installed("1.4.0"), running().observed()),
      );
      const result = planFromObservation(
        requestFor("1.7.0", { policy }),
        approved,
        running().deploys("1.5.1").observed(),
      );
      assert.deepEqual(
        failuresOf(result).map((text) => text.split("\n")[0]),
        ["plan-not-approved"],
      );
    });
  });
});
