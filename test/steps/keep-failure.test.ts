import assert from "node:assert/strict";
import { eventsOf, withDone, withEvent } from "../../components/migrations/cluster/record/events";
import { emptyRecord } from "../../components/migrations/cluster/record/record";
import { summaryOf } from "../../components/migrations/steps/keep-failure";

describe("what the record keeps of a failure", () => {
  it("is its first lines, and nothing that a pod has logged", () => {
    const what = [
      "1.5.1 was deployed but not verified: its pods cannot become ready: bufd 0/2 ready",
      "    bufd-1: CrashLoopBackOff: container bufd ended with exit status 1",
      "      | token=abc",
      "    bufd-2: Unschedulable: 0/1 nodes are available",
      "    other warnings:",
    ].join("\n");
    assert.equal(
      summaryOf(what),
      "1.5.1 was deployed but not verified: its pods cannot become ready: bufd 0/2 ready\n" +
        "bufd-1: CrashLoopBackOff: container bufd ended with exit status 1\n" +
        "bufd-2: Unschedulable: 0/1 nodes are available",
    );
  });

  it("is cut where a line is a whole document", () => {
    assert.equal(summaryOf("x".repeat(1000)), `${"x".repeat(300)} …`);
  });
});

describe("the events of a record", () => {
  const begun = {
    ...{ kind: "begun" as const, transition: 1, lineage: 1, at: "2026-01-01T00:00:00Z", stack: "bsr/test" },
    ...{ from: null, to: "1.4.0" },
  };
  const done = { transition: 1, at: "2026-01-01T01:00:00Z", version: "1.4.0" };

  it("tell once that a transition is done, whatever is verified after it", () => {
    const once = withDone(withEvent(emptyRecord, begun), done);
    assert.deepEqual(eventsOf(once), [begun, { kind: "done", ...done }]);
    assert.equal(withDone(once, { ...done, at: "2026-01-02T00:00:00Z" }), once);
  });

  it("do not tell it of a transition of an older package, which was done long ago", () => {
    assert.equal(withDone(emptyRecord, done), emptyRecord);
  });

  it("forget the oldest, and never so much that a record grows for ever", () => {
    let record = emptyRecord;
    for (let transition = 1; transition <= 300; transition++)
      record = withEvent(record, { ...begun, transition });
    assert.deepEqual(
      [record.events.length, eventsOf(record)[0]?.transition, eventsOf(record).at(-1)?.transition],
      [200, 101, 300],
    );
  });
});
