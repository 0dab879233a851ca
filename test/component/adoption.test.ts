import { strict as assert } from "node:assert";
import { planFromObservation } from "../../components/bsr-release/ledger/plan";
import type { LedgerState } from "../../components/bsr-release/ledger/state";
import { failuresOf, requestFor, stateOf } from "./asking";
import { Instance } from "./instance";

const layers = [{ origin: "values", versions: "*", values: { host: "bsr.example.com", replicas: 2 } }];

/** What a stack plans that takes a revision over. */
function taking(
  adopt: number | undefined,
  target: string,
  story: Instance,
  previous?: LedgerState,
): ReturnType<typeof planFromObservation> {
  const policy = adopt === undefined ? {} : { adopt };
  return planFromObservation(requestFor(target, { policy, observe: { layers } }), previous, story.observed());
}

const codes = (result: ReturnType<typeof planFromObservation>) =>
  failuresOf(result).map((text) => text.split("\n")[0]);

describe("a release that the stack did not deploy", () => {
  const byHand = () => new Instance().isUpgradedByHand("1.3.1").isUpgradedByHand("1.4.1");

  it("is deployed again before it is taken over, both times at its own version", () => {
    const { plan, position } = stateOf(taking(2, "1.4.1", byHand()));
    assert.equal(plan.takesOver, true);
    assert.deepEqual(
      plan.steps,
      [1, 2].map(() => ({ kind: "deploy", version: "1.4.1", maintenance: false })),
    );
    assert.deepEqual([plan.highWaterMark, plan.schemaOwner, position.revision], ["1.4.1", "1.4.1", 2]);
  });

  it("is told with the paths of the values that change, and without what they are", () => {
    const story = byHand().isChangedByHand({ values: { host: "bsr.example.com", replicas: 3 } });
    const { warnings } = stateOf(taking(3, "1.4.1", story)).plan;
    const told = warnings.filter((text) => text.startsWith("adopted: "));
    assert.equal(told.length, 1);
    assert.match(
      told[0] ?? "",
      /^adopted: 1\.4\.1 at Helm revision 3 .* differ from those that it has in replicas;/,
    );
    assert.ok(!warnings.some((text) => text.startsWith("taken-over: ")));
  });

  it("keeps the mark of all that its history tells", () => {
    const story = byHand().isUpgradedByHand("1.5.1").isRolledBackByHand(2);
    const { plan } = stateOf(taking(4, "1.4.1", story));
    assert.deepEqual([plan.highWaterMark, plan.schemaOwner], ["1.5.1", "1.4.1"]);
    assert.deepEqual(plan.steps.at(-1), { kind: "migrateDown", binary: "1.5.1", schemaVersion: 246 });
  });

  it("is refused for a revision that is not the newest, and while Helm works on it", () => {
    assert.deepEqual(codes(taking(1, "1.4.1", byHand())), ["release-not-owned"]);
    assert.deepEqual(codes(taking(undefined, "1.4.1", byHand())), ["release-not-owned"]);
    const [text = ""] = failuresOf(taking(1, "1.4.1", byHand().isBeingUpgradedByHand("1.5.1")));
    assert.match(
      text,
      /remedy: Wait until that Helm operation has ended, .* died, end its lock: npx --no bsr unlock --revision 3 --namespace bsr --release bsr\.$/,
    );
  });

  it("has to be uninstalled to its end where that broke off", () => {
    const [text = ""] = failuresOf(taking(undefined, "1.4.1", byHand().isBeingUninstalled()));
    assert.match(text, /remedy: Wait until .* If it broke off, finish it: helm uninstall bsr -n bsr\.$/);
  });

  it("is refused at another version than its own", () => {
    assert.deepEqual(codes(taking(2, "1.5.1", byHand())), ["adopted-at-its-version"]);
  });

  it("is taken over at another version where the database was restored since", () => {
    const { plan } = stateOf(taking(2, "1.2.0", byHand().restores("20260101t000000z-1.2.0")));
    assert.deepEqual(
      plan.steps,
      [1, 2].map(() => ({ kind: "deploy", version: "1.2.0", maintenance: false })),
    );
  });

  it("is refused where there is none", () => {
    assert.deepEqual(codes(taking(2, "1.4.1", new Instance())), ["nothing-to-adopt"]);
  });
});

describe("an instance whose stack's state was lost", () => {
  it("is refused with the way back where only the ledger is tainted, or is to be replaced", () => {
    const own = failuresOf(taking(undefined, "1.4.1", new Instance().deploys("1.4.1")));
    assert.match(own.join(), /pulumi state untaint/);
    const foreign = failuresOf(taking(undefined, "1.4.1", new Instance().isUpgradedByHand("1.4.1")));
    assert.doesNotMatch(foreign.join(), /pulumi state untaint/);
  });

  it("is taken over with what the record tells, though it was verified", () => {
    const story = new Instance().deploys("1.3.1").deploys("1.4.1");
    const { plan } = stateOf(taking(2, "1.4.1", story));
    assert.equal(plan.steps.length, 2);
    assert.equal(plan.transition, 3);
  });

  it("stays taken over until the Release's own deploy is verified, and not after that", () => {
    const story = new Instance().deploys("1.4.1");
    const first = stateOf(taking(1, "1.4.1", story));
    story.deploys("1.4.1", first.plan.transition);
    const cutOff = stateOf(taking(1, "1.5.1", story, first));
    assert.equal(cutOff.plan.takesOver, true);
    story.deploys("1.4.1", first.plan.transition);
    assert.equal(stateOf(taking(1, "1.5.1", story, first)).plan.takesOver, undefined);
  });
});

describe("an installation", () => {
  it("whose run died before the engine knew of the Release takes it over", () => {
    const first = stateOf(taking(undefined, "1.4.1", new Instance()));
    const story = new Instance().failsToVerify("1.4.1");
    assert.equal(stateOf(taking(undefined, "1.4.1", story, first)).plan.takesOver, true);
  });

  it("that was verified has a Release", () => {
    const story = new Instance();
    const first = stateOf(taking(undefined, "1.4.1", story));
    story.deploys("1.4.1", first.plan.transition);
    assert.equal(stateOf(taking(undefined, "1.5.1", story, first)).plan.takesOver, undefined);
  });
});
