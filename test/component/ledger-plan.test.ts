import { strict as assert } from "node:assert";
import { planFromObservation } from "../../components/bsr-release/ledger/plan";
import { ledgerStateSchema, type LedgerState } from "../../components/bsr-release/ledger/state";
import { emptyPlaces, failuresOf, requestFor, shortSteps, stateOf } from "./asking";
import { Instance } from "./instance";

/** A stack that asks for one target after the other, and remembers as the engine would. */
class Stack {
  state: LedgerState | undefined;
  constructor(readonly instance: Instance) {}

  asksFor(target: string, given: Parameters<typeof requestFor>[1] = {}): LedgerState {
    // Through JSON, as the engine stores it.
    const previous =
      this.state === undefined
        ? undefined
        : ledgerStateSchema.decode(copy(ledgerStateSchema.encode(this.state)));
    this.state = stateOf(planFromObservation(requestFor(target, given), previous, this.instance.observed()));
    return this.state;
  }
}

function copy<T>(value: T): T {
  return JSON.parse(JSON.stringify(value)) as T;
}

describe("the ledger's plan", () => {
  it("installs the target where nothing was ever deployed", () => {
    assert.deepEqual(new Stack(new Instance()).asksFor("1.5.1"), {
      target: "1.5.1",
      strategy: "sequential",
      namespace: "bsr",
      releaseName: "bsr",
      database: "postgres.example.com:5432/bsr",
      cluster: "uid-of-kube-system",
      plan: {
        transition: 1,
        lineage: 1,
        direction: "install",
        to: "1.5.1",
        steps: [{ kind: "deploy", version: "1.5.1", maintenance: false }],
        warnings: [],
        description: "transition 1: deploy 1.5.1",
        highWaterMark: "1.5.1",
        schemaOwner: "1.5.1",
        downtime: false,
        mayLoseData: false,
        // Pinned: an approvedPlan in somebody's configuration stays good over an update of this package.
        hash: "e278eb6e951cd277",
      },
      position: { settled: false },
    });
  });

  it("walks a bump through every minor, at the newest patch of each", () => {
    const stack = new Stack(new Instance());
    stack.asksFor("1.1.0");
    stack.instance.deploys("1.1.0");
    const state = stack.asksFor("1.5.1");
    assert.deepEqual(shortSteps(state), ["deploy 1.2.0", "deploy 1.3.1", "deploy 1.4.1", "deploy 1.5.1"]);
    assert.equal(state.plan.from, "1.1.0");
    assert.equal(state.plan.direction, "upgrade");
    assert.deepEqual(state.position, {
      deployedVersion: "1.1.0",
      schemaOwner: "1.1.0",
      highWaterMark: "1.1.0",
      settled: true,
      revision: 1,
    });
  });

  it("answers the very same state once its end is reached, so that the preview is empty", () => {
    const stack = new Stack(new Instance());
    stack.asksFor("1.4.0");
    stack.instance.deploys("1.4.0");
    const bumped = copy(stack.asksFor("1.5.1"));
    stack.instance.deploys("1.5.1");
    assert.deepEqual(stack.asksFor("1.5.1"), bumped);
  });

  it("keeps the last plan when only the strategy or the policy changes and there is nothing to do", () => {
    const stack = new Stack(new Instance());
    const first = copy(stack.asksFor("1.4.0"));
    stack.instance.deploys("1.4.0");
    assert.deepEqual(
      stack.asksFor("1.4.0", { strategy: "maintenance", policy: { allowDowntime: true } }),
      first,
    );
  });

  it("tells of a snapshot method and of an accepted loss as long as they are given", () => {
    const stack = new Stack(new Instance());
    const told = { snapshots: true as const, acknowledgeDataLoss: "1.5.1->1.3.1" };
    const first = copy(stack.asksFor("1.4.0", { policy: told }));
    assert.deepEqual([first.snapshots, first.acknowledgeDataLoss], [true, "1.5.1->1.3.1"]);
    stack.instance.deploys("1.4.0");
    const { snapshots: _method, acknowledgeDataLoss: _accepted, ...untold } = first;
    assert.deepEqual(stack.asksFor("1.4.0"), untold);
    assert.deepEqual(stack.asksFor("1.4.0", { policy: told }), first);
  });

  it("plans one deploy of the target again when its values were deployed but not verified", () => {
    const stack = new Stack(new Instance());
    stack.asksFor("1.4.0");
    stack.instance.deploys("1.4.0").changesValues({ verified: false });
    const state = stack.asksFor("1.4.0");
    assert.deepEqual(shortSteps(state), ["deploy 1.4.0"]);
    assert.deepEqual([state.plan.direction, state.plan.transition, state.plan.lineage], ["redeploy", 2, 1]);
  });

  it("keeps the live description where a new target needs no step, so that nothing is deployed", () => {
    const stack = new Stack(new Instance());
    stack.asksFor("1.4.0");
    stack.instance.deploys("1.4.0");
    stack.asksFor("1.5.1"); // its first step fails before it begins anything
    const state = stack.asksFor("1.4.0");
    assert.deepEqual(shortSteps(state), []);
    assert.equal(state.plan.description, "transition 1: deploy 1.4.0");
    assert.equal(state.plan.transition, 3);
  });

  it("takes the way back after a failed patch as a deploy with a description of its own", () => {
    const stack = new Stack(new Instance());
    stack.asksFor("1.4.0");
    stack.instance.deploys("1.4.0");
    stack.asksFor("1.4.1");
    stack.instance.failsToVerify("1.4.1");
    const state = stack.asksFor("1.4.0");
    assert.deepEqual(shortSteps(state), ["deploy 1.4.0"]);
    assert.equal(state.plan.description, "transition 3: deploy 1.4.0");
    assert.equal(state.plan.schemaOwner, "1.4.1");
  });

  it("warns as the planner does, code first", () => {
    const stack = new Stack(new Instance());
    stack.asksFor("1.4.0");
    stack.instance.deploys("1.4.0");
    const { warnings } = stack.asksFor("1.5.1", {
      strategy: "maintenance",
    }).plan;
    assert.deepEqual(
      warnings.map((warning) => warning.split(":")[0]),
      ["maintenance-not-used", "no-snapshot"],
    );
  });

  it("plans with the releases that the user added", () => {
    const stack = new Stack(new Instance());
    const releases = [
      {
        version: "1.24.0",
        released: null,
        databaseVersion: 400,
        minimumCliVersion: null,
        chartDigest: null,
        notes: [],
        source: null,
      },
    ];
    const given = [{ path: "license.key", versions: "*" }];
    assert.deepEqual(shortSteps(stack.asksFor("1.24.0", { policy: { releases, given } })), ["deploy 1.24.0"]);
  });

  describe("resuming", () => {
    const way = ["1.6.0", "1.7.0", "1.8.3", "1.9.1"];

    function bumped(): Stack {
      const stack = new Stack(new Instance());
      stack.asksFor("1.5.1");
      stack.instance.deploys("1.5.1");
      stack.asksFor("1.9.1");
      return stack;
    }

    const rests = [
      ["deploy 1.6.0", "deploy 1.7.0", "await 1.7.0", "deploy 1.8.3", "deploy 1.9.1"],
      ["deploy 1.7.0", "await 1.7.0", "deploy 1.8.3", "deploy 1.9.1"],
      ["await 1.7.0", "deploy 1.8.3", "deploy 1.9.1"],
      ["deploy 1.9.1"],
    ];
    for (const [done, rest] of rests.entries()) {
      const deployed = way.slice(0, done);
      it(`plans the rest after ${deployed.at(-1) ?? "nothing"} was verified, in the same lineage`, () => {
        const stack = bumped();
        for (const version of deployed) stack.instance.deploys(version);
        if (done === 0) stack.instance.begins("1.6.0");
        const state = stack.asksFor("1.9.1");
        assert.deepEqual(shortSteps(state), rest);
        assert.equal(state.plan.lineage, 2);
        assert.equal(state.plan.to, "1.9.1");
      });
    }

    it("gives every new plan of a lineage a transition id that was never used", () => {
      const stack = bumped();
      const seen = new Set([stack.state?.plan.transition]);
      for (const version of way) {
        stack.instance.deploys(version);
        if (version === "1.9.1") break;
        const { transition, lineage } = stack.asksFor("1.9.1").plan;
        assert.ok(!seen.has(transition), `transition ${transition} was used before`);
        assert.equal(lineage, 2);
        seen.add(transition);
      }
    });

    it("goes on at a deploy that failed", () => {
      const stack = bumped();
      stack.instance.deploys("1.6.0").failsToVerify("1.7.0");
      assert.deepEqual(shortSteps(stack.asksFor("1.9.1")), rests[1]);
    });

    it("goes minor by minor after a rollback by hand to the version that was verified", () => {
      const stack = bumped();
      stack.instance.deploys("1.6.0").failsToVerify("1.7.0").isRolledBackByHand(2);
      assert.deepEqual(shortSteps(stack.asksFor("1.9.1")), rests[1]);
    });

    it("leaves out a wait that this lineage has finished", () => {
      const stack = bumped();
      stack.instance.deploys("1.6.0").deploys("1.7.0").completesDataMigration("1.7.0", 2);
      assert.deepEqual(shortSteps(stack.asksFor("1.9.1")), ["deploy 1.8.3", "deploy 1.9.1"]);
    });

    it("waits again where only another lineage has waited", () => {
      const stack = bumped();
      stack.instance.deploys("1.6.0").deploys("1.7.0").completesDataMigration("1.7.0", 1);
      assert.deepEqual(shortSteps(stack.asksFor("1.9.1")), rests[2]);
    });

    it("plans another target from what runs, in a lineage of its own", () => {
      const stack = bumped();
      stack.instance.deploys("1.6.0").failsToVerify("1.7.0");
      const state = stack.asksFor("1.8.3");
      assert.deepEqual(shortSteps(state), ["deploy 1.7.0", "await 1.7.0", "deploy 1.8.3"]);
      assert.equal(state.plan.lineage, state.plan.transition);
      assert.equal(state.position.deployedVersion, "1.6.0");
      assert.equal(state.position.highWaterMark, "1.7.0");
    });
  });

  describe("the transition id", () => {
    it("is higher than the ledger's", () => {
      const stack = new Stack(new Instance());
      stack.asksFor("1.4.0");
      assert.equal(stack.asksFor("1.4.1").plan.transition, 2);
      assert.equal(stack.asksFor("1.4.0").plan.transition, 3);
    });

    it("is higher than the record's, which outlives the stack's state", () => {
      const stack = new Stack(
        new Instance().deploys("1.3.0").deploys("1.3.1").deploys("1.4.0").isUninstalled(),
      );
      const { transition, lineage } = stack.asksFor("1.4.0").plan;
      assert.deepEqual([transition, lineage], [4, 4]);
    });
  });

  describe("the mark and the owner", () => {
    it("are the attempted ones after a plan that failed", () => {
      const stack = new Stack(new Instance());
      stack.asksFor("1.4.0");
      stack.instance.deploys("1.4.0");
      stack.asksFor("1.5.1");
      stack.instance.failsToVerify("1.5.1");
      const { position } = stack.asksFor("1.5.1");
      assert.deepEqual(position, {
        deployedVersion: "1.4.0",
        schemaOwner: "1.5.1",
        highWaterMark: "1.5.1",
        settled: false,
        revision: 2,
      });
    });

    it("are not raised by a plan that was never begun", () => {
      const stack = new Stack(new Instance());
      stack.asksFor("1.4.0");
      stack.instance.deploys("1.4.0");
      stack.asksFor("1.6.0");
      const { position, plan } = stack.asksFor("1.4.1");
      assert.equal(position.highWaterMark, "1.4.0");
      assert.equal(plan.highWaterMark, "1.4.1");
    });

    it("are remembered by the stack when the record is lost", () => {
      const stack = new Stack(new Instance());
      stack.asksFor("1.5.0");
      stack.instance.deploys("1.5.0").failsToVerify("1.5.1").isRolledBackByHand(1);
      stack.asksFor("1.5.0"); // sees the mark, which Helm's history forgets later
      const instance = new Instance().deploys("1.5.0").losesRecord();
      const { position } = stateOf(
        planFromObservation(requestFor("1.5.0"), stack.state, instance.observed()),
      );
      assert.deepEqual([position.highWaterMark, position.schemaOwner], ["1.5.1", "1.5.1"]);
    });
  });

  describe("the hash", () => {
    it("has no ids in it: the same way planned twice has the same", () => {
      const first = new Stack(new Instance().deploys("1.4.0").isUninstalled()).asksFor("1.4.0");
      const second = new Stack(
        new Instance().deploys("1.4.0").deploys("1.4.1").deploys("1.4.0").isUninstalled(),
      ).asksFor("1.4.0");
      assert.notEqual(first.plan.transition, second.plan.transition);
      assert.equal(first.plan.hash, second.plan.hash);
    });

    it("is another one for another way", () => {
      const from = (version: string) => {
        const stack = new Stack(new Instance());
        stack.asksFor(version);
        stack.instance.deploys(version);
        return stack.asksFor("1.6.0").plan.hash;
      };
      assert.notEqual(from("1.4.0"), from("1.5.1"));
    });
  });

  describe("what is kept", () => {
    const stories: [string, Instance, string][] = [
      ["an install", new Instance(), "1.5.1"],
      ["an install on a used database", new Instance().deploys("1.4.0").isUninstalled(), "1.4.0"],
    ];
    for (const [what, instance, target] of stories) {
      it(`has no null and nothing undefined, for ${what}`, () => {
        assert.deepEqual(emptyPlaces(new Stack(instance).asksFor(target)), []);
      });
    }

    it("has no null and nothing undefined, for a bump", () => {
      const stack = new Stack(new Instance());
      stack.asksFor("1.4.0");
      stack.instance.deploys("1.4.0");
      assert.deepEqual(emptyPlaces(stack.asksFor("1.9.1")), []);
    });

    it("has nothing of how to observe and of the policy, secrets least of all", () => {
      const state = new Stack(new Instance()).asksFor("1.5.1", {
        observe: { kubeconfig: "token: top-secret", context: "prod" },
      });
      assert.deepEqual(Object.keys(state).sort(), [
        "cluster",
        "database",
        "namespace",
        "plan",
        "position",
        "releaseName",
        "strategy",
        "target",
      ]);
      assert.doesNotMatch(JSON.stringify(state), /top-secret|prod/);
    });

    it("is what its schema reads back unchanged", () => {
      const state = new Stack(new Instance()).asksFor("1.5.1");
      assert.deepEqual(ledgerStateSchema.decode(copy(ledgerStateSchema.encode(state))), state);
    });
  });

  it("learns schema versions from the record for what the table does not know", () => {
    const answerFor = (instance: Instance) => {
      const stack = new Stack(new Instance());
      stack.asksFor("1.1.0");
      return planFromObservation(requestFor("1.0.0"), stack.state, instance.observed());
    };
    const unknown = failuresOf(answerFor(new Instance().deploys("1.1.0")));
    assert.deepEqual(
      unknown.map((text) => text.split("\n")[0]),
      ["unknown-schema-version"],
    );
    assert.deepEqual(shortSteps(stateOf(answerFor(new Instance().deploys("1.1.0").learns("1.0.0", 180)))), [
      "deploy 1.0.0",
      "down 180 by 1.1.0",
    ]);
  });
});
