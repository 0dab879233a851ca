import { strict as assert } from "node:assert";
import { Patience } from "../../components/migrations/cluster/pods/patience";
import type { Trouble } from "../../components/migrations/cluster/pods/rollout";

const trouble = (reason: string, rest: Partial<Trouble> = {}): Trouble => ({
  subject: "bufd-1",
  workload: "bufd",
  reason,
  message: "",
  restarts: 0,
  ...rest,
});

/** After how many seconds a trouble that stays is given up; `null` where that is never within ten minutes. */
function givenUpAfter(...troubles: Trouble[]): number | null {
  let seconds = 0;
  const patience = new Patience(() => seconds * 1000);
  // What an earlier attempt left is there at the first look; these are not.
  patience.lostWith([]);
  for (; seconds <= 600; seconds++) if (patience.lostWith(troubles).length > 0) return seconds;
  return null;
}

describe("patience with a rollout", () => {
  const cases: [string, Trouble, number | null][] = [
    [
      "an image whose registry is busy",
      trouble("ImagePullBackOff", { message: "503 Service Unavailable" }),
      30,
    ],
    ["an image that is not found", trouble("ErrImagePull", { message: "bufd:1.5.1: not found" }), 10],
    ["a registry without a login", trouble("ImagePullBackOff", { message: "401 Unauthorized" }), 10],
    ["a registry that denies", trouble("ErrImagePull", { message: "denied: requested access" }), 10],
    ["an image with a name that is none", trouble("InvalidImageName"), 10],
    ["a missing Secret", trouble("CreateContainerConfigError"), 10],
    ["a container that cannot be made", trouble("CreateContainerError"), 30],
    ["pods that cannot be made", trouble("FailedCreate"), 30],
    ["a container started again twice", trouble("CrashLoopBackOff", { restarts: 2 }), null],
    ["a container started again three times", trouble("CrashLoopBackOff", { restarts: 3 }), 0],
    ["a progress deadline that has passed", trouble("ProgressDeadlineExceeded", { condition: "now" }), 0],
    ["a pod that fits on no node", trouble("Unschedulable"), null],
  ];
  for (const [what, one, seconds] of cases) {
    it(`${seconds === null ? "does not end" : `ends after ${seconds} s`} for ${what}`, () => {
      assert.equal(givenUpAfter(one), seconds);
    });
  }

  it("does not end for a progress deadline while a pod of the workload fits on no node", () => {
    assert.equal(
      givenUpAfter(
        trouble("Unschedulable"),
        trouble("ProgressDeadlineExceeded", { subject: "bufd", condition: "now" }),
      ),
      null,
    );
  });

  it("does not end for a progress deadline that an earlier attempt had passed", () => {
    const patience = new Patience(() => 0);
    const stale = trouble("ProgressDeadlineExceeded", { condition: "bufd since yesterday" });
    assert.deepEqual(patience.lostWith([stale]), []);
    assert.deepEqual(patience.lostWith([stale]), []);
  });

  it("begins anew when the trouble has gone and comes back", () => {
    let seconds = 0;
    const patience = new Patience(() => seconds * 1000);
    const one = trouble("ErrImagePull");
    patience.lostWith([one]);
    seconds = 20;
    patience.lostWith([]);
    seconds = 40;
    assert.deepEqual(patience.lostWith([one]), []);
    seconds = 70;
    assert.deepEqual(patience.lostWith([one]), [one]);
  });
});
