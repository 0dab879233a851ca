import { strict as assert } from "node:assert";
import {
  attemptOf,
  deploySeconds,
  emptyRecord,
  type Attempt,
  type TransitionRecord,
} from "../../components/migrations/cluster/record/record";
import { withVerified } from "../../components/migrations/cluster/record/changes";
import { duration } from "../../components/migrations/steps/duration";
import { summaryOf } from "../../components/migrations/steps/summary";

/** A record to which attempts happen, at seconds after the first one. */
class Story {
  record: TransitionRecord = emptyRecord;
  #revision = 0;

  begins(version: string, at: number, transition = 1, lineage = 1): this {
    const attempt: Attempt = {
      version,
      revision: ++this.#revision,
      transition,
      at: time(at),
      stack: "bsr/test",
      schemaBefore: null,
      lineage,
      from: this.record.verified?.version ?? null,
      open: true,
    };
    this.record = { ...this.record, attempts: [...this.record.attempts, attempt] };
    return this;
  }

  verifies(at: number): this {
    const { version = "", revision = 0 } = this.record.attempts.at(-1) ?? {};
    this.record = withVerified(this.record, { version, revision, at: time(at) }, null);
    return this;
  }

  /** Of the last attempt. */
  get summary(): string {
    return summaryOf(this.record, this.record.attempts.at(-1) as Attempt);
  }
}

const time = (seconds: number) => new Date(seconds * 1000).toISOString();
const installed = () => new Story().begins("1.1.0", 0).verifies(40);

describe("the summary of a transition", () => {
  it("of an install", () => {
    assert.equal(installed().summary, "1.1.0 installed, 40 s");
  });

  it("names both ends, the deploys and the time since the first one began", () => {
    const story = installed()
      .begins("1.2.1", 100, 2, 2)
      .verifies(120)
      .begins("1.3.1", 121, 2, 2)
      .verifies(172);
    assert.equal(story.summary, "1.1.0 to 1.3.1 in 2 deploys, 1 min 12 s");
  });

  it("says how often it was taken up again, and counts only deploys that were verified", () => {
    const story = installed()
      .begins("1.2.1", 100, 2, 2)
      .verifies(120)
      .begins("1.3.1", 121, 2, 2)
      .begins("1.3.1", 3600, 3, 2)
      .verifies(3760);
    assert.equal(story.summary, "1.1.0 to 1.3.1 in 2 deploys, 1 h 1 min, taken up again 1 time");
  });

  it("leaves out transitions to other targets", () => {
    const story = installed().begins("1.2.1", 100, 2, 2).begins("1.1.1", 200, 3, 3).verifies(205);
    assert.equal(story.summary, "1.1.0 to 1.1.1 in 1 deploy, 5 s");
  });

  it("leaves out that its target was reached before", () => {
    const story = installed()
      .begins("1.1.1", 100, 2, 2)
      .verifies(110)
      .begins("1.1.1", 9000, 3, 2)
      .verifies(9007);
    assert.equal(story.summary, "1.1.1 deployed again, 7 s");
  });
});

describe("the attempts on record", () => {
  it("tell how long each verified deploy took, the newest last", () => {
    const { record } = installed().begins("1.2.1", 100).begins("1.2.1", 200).verifies(212);
    assert.deepEqual(deploySeconds(record), [40, 12]);
  });

  it("tell nothing where the program that wrote them did not", () => {
    const attempt = {
      version: "1.1.0",
      revision: 1,
      transition: 1,
      at: time(0),
      stack: "",
      schemaBefore: null,
    };
    assert.deepEqual(deploySeconds({ ...emptyRecord, attempts: [attempt] }), []);
  });

  it("keep their time when the same revision is verified again", () => {
    const { record } = installed().verifies(5000);
    assert.deepEqual([record.attempts[0]?.verifiedAt, record.verified?.at], [time(40), time(5000)]);
  });

  it("have none for a revision that only changed values", () => {
    const { record } = installed();
    const verified = { version: "1.1.0", revision: 2, at: time(60) };
    const after = withVerified(record, verified, null);
    assert.deepEqual(after.attempts, record.attempts);
    assert.equal(attemptOf(after, verified), undefined);
  });

  it("are not mistaken for those of an earlier installation, whose revisions had the same numbers", () => {
    const { record } = installed();
    const again: Attempt = { ...(record.attempts[0] as Attempt), at: time(900), open: true };
    delete again.verifiedAt;
    const after = withVerified(
      { ...record, attempts: [...record.attempts, again] },
      { version: "1.1.0", revision: 1, at: time(930) },
      null,
    );
    assert.deepEqual(deploySeconds(after), [40, 30]);
  });
});

describe("a length of time", () => {
  for (const [milliseconds, text] of [
    [400, "0 s"],
    [59_000, "59 s"],
    [59_600, "1 min 0 s"],
    [72_000, "1 min 12 s"],
    [3_600_000, "1 h 0 min"],
    [7_380_000, "2 h 3 min"],
  ] as const) {
    it(`of ${milliseconds} ms is said as ${text}`, () => assert.equal(duration(milliseconds), text));
  }
});
