import { strict as assert } from "node:assert";
import { planFromObservation } from "../../components/bsr-release/ledger/plan";
import type { LedgerState } from "../../components/bsr-release/ledger/state";
import { requestFor, shortSteps, stateOf } from "./asking";
import { Instance } from "./instance";

const inMaintenance = {
  strategy: "maintenance",
  policy: { allowDowntime: true, snapshots: true },
} as const;

const asked = (target: string, instance: Instance, previous?: LedgerState) =>
  stateOf(planFromObservation(requestFor(target, inMaintenance), previous, instance.observed()));

/** A stack whose instance runs 1.2.0, and which jumps to 1.5.1; the jump's lineage is 2. */
function jumping() {
  const instance = new Instance();
  const first = asked("1.2.0", instance);
  instance.deploys("1.2.0");
  const jump = asked("1.5.1", instance, first);
  assert.equal(jump.plan.lineage, 2);
  return { instance, jump, again: (target = "1.5.1") => shortSteps(asked(target, instance, jump)) };
}

const jumps = ["deploy 1.2.0 (maintenance)", "snapshot 1.2.0", "deploy 1.5.1"];

describe("the ledger's plan of a jump", () => {
  it("turns maintenance on, takes the snapshot, and deploys the end", () => {
    assert.deepEqual(shortSteps(jumping().jump), jumps);
  });

  const stories: [string, (instance: Instance) => unknown, boolean][] = [
    ["was not taken yet", (i) => i.staysInMaintenance("1.2.0"), true],
    ["is there and maintenance stayed on", (i) => i.staysInMaintenance("1.2.0").takesSnapshot(2), false],
    [
      "is there and maintenance was turned on once more since",
      (i) => i.staysInMaintenance("1.2.0").takesSnapshot(2).staysInMaintenance("1.2.0"),
      false,
    ],
    [
      "is there and maintenance was off since, verified",
      (i) => i.staysInMaintenance("1.2.0").takesSnapshot(2).changesValues({ verified: true }),
      true,
    ],
    [
      "is there and maintenance was off since, on again now",
      (i) =>
        i
          .staysInMaintenance("1.2.0")
          .takesSnapshot(2)
          .changesValues({ verified: false })
          .staysInMaintenance("1.2.0"),
      true,
    ],
    ["was taken by another lineage", (i) => i.staysInMaintenance("1.2.0").takesSnapshot(1), true],
    [
      "was taken with maintenance off, before it was turned on",
      (i) => i.takesSnapshot(2).staysInMaintenance("1.2.0"),
      true,
    ],
    [
      "is there, but one of another lineage was taken after it",
      (i) => i.staysInMaintenance("1.2.0").takesSnapshot(2).takesSnapshot(1),
      true,
    ],
  ];
  for (const [what, happens, again] of stories) {
    it(`${again ? "takes the snapshot" : "does not take the snapshot again"} where it ${what}`, () => {
      const stack = jumping();
      happens(stack.instance);
      const steps = stack.again();
      assert.deepEqual(
        steps.filter((step) => step.startsWith("snapshot")),
        again ? ["snapshot 1.2.0"] : [],
        steps.join(", "),
      );
      assert.equal(steps.at(-1), "deploy 1.5.1");
    });
  }

  it("takes another at another version that runs in maintenance now", () => {
    const stack = jumping();
    stack.instance.staysInMaintenance("1.2.0").takesSnapshot(2).staysInMaintenance("1.3.1");
    assert.ok(stack.again().includes("snapshot 1.3.1"), stack.again().join(", "));
    stack.instance.takesSnapshot(2);
    assert.ok(!stack.again().includes("snapshot 1.3.1"), stack.again().join(", "));
  });

  it("takes it again for another target, which is another lineage", () => {
    const stack = jumping();
    stack.instance.staysInMaintenance("1.2.0").takesSnapshot(2);
    assert.deepEqual(stack.again("1.6.0"), ["deploy 1.2.0 (maintenance)", "snapshot 1.2.0", "deploy 1.6.0"]);
  });
});
