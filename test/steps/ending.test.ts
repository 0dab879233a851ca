import { strict as assert } from "node:assert";
import { Ending } from "../../components/migrations/cluster/pods/left";

describe("pods that end", () => {
  let seconds: number;
  let ending: Ending;

  beforeEach(() => {
    seconds = 0;
    ending = new Ending(() => seconds * 1000);
  });

  const old = (metadata: object = {}, spec: object = {}) => ({
    metadata: { name: "old", uid: "1", deletionTimestamp: new Date(0), ...metadata },
    spec: { containers: [], ...spec },
  });

  /** After how many seconds a pod that stays is overdue, looked at once a second; `null` if not within an hour. */
  function overdueAfter(one: ReturnType<typeof old>): number | null {
    for (; seconds <= 3600; seconds++) if (ending.overdue([one]).length > 0) return seconds;
    return null;
  }

  it("have two minutes beside the grace period that the cluster gives", () => {
    assert.equal(overdueAfter(old()), 151);
  });

  it("have two minutes beside a longer grace period", () => {
    assert.equal(overdueAfter(old({}, { terminationGracePeriodSeconds: 600 })), 721);
  });

  it("are never overdue while nobody has asked them to end", () => {
    assert.equal(overdueAfter(old({ deletionTimestamp: undefined })), null);
  });

  it("are counted each from the first look at it", () => {
    ending.overdue([old()]);
    seconds = 10;
    ending.overdue([old(), old({ uid: "2" })]);
    assert.equal(overdueAfter(old({ uid: "2" })), 161);
  });

  it("may take as long as the API server does not answer", () => {
    ending.overdue([old()]);
    seconds = 1000;
    assert.deepEqual(ending.overdue([old()]), []);
  });
});
