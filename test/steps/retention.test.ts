import { strict as assert } from "node:assert";
import {
  emptyRecord,
  type Snapshot,
  type TransitionRecord,
} from "../../components/migrations/cluster/record/record";
import { markedSnapshots, outdated } from "../../components/migrations/steps/snapshots/retention";

/** A record with one snapshot per lineage, 1 the oldest, of which each has one attempt. */
function recordOf(
  lineages: number,
  { failed = [], beforeFailure = [] }: { readonly failed?: number[]; readonly beforeFailure?: number[] } = {},
): TransitionRecord {
  const all = Array.from({ length: lineages }, (_, index) => index + 1);
  return {
    ...emptyRecord,
    snapshots: all.map((lineage) => snapshotOf(lineage, beforeFailure.includes(lineage))),
    attempts: all.map((lineage) => ({
      version: "1.5.1",
      revision: lineage,
      transition: lineage,
      lineage,
      at: "2026-01-01T00:00:00.000Z",
      stack: "bsr/test",
      schemaBefore: null,
      ...(failed.includes(lineage) ? {} : { verifiedAt: "2026-01-01T01:00:00.000Z" }),
    })),
  };
}

function snapshotOf(lineage: number, beforeFailure: boolean): Snapshot {
  return {
    id: `snapshot-${lineage}`,
    method: "pgDump",
    version: "1.4.0",
    schemaVersion: 246,
    highWaterMark: "1.4.0",
    schemaOwner: "1.4.0",
    lineage,
    transition: lineage,
    revision: lineage,
    maintenance: false,
    at: "2026-01-01T00:00:00.000Z",
    bytes: 1,
    sha256: "0",
    place: "here",
    verified: "readable",
    beforeFailure,
  };
}

const idsOf = (snapshots: readonly Snapshot[]) => snapshots.map(({ id }) => id);

describe("the snapshots that may be deleted", () => {
  it("are all but the newest that are kept", () => {
    assert.deepEqual(idsOf(outdated(recordOf(5), "pgDump", 2)), ["snapshot-1", "snapshot-2", "snapshot-3"]);
  });

  for (const taken of [0, 1, 2, 3]) {
    it(`are none of ${taken} where 3 are kept`, () => {
      assert.deepEqual(outdated(recordOf(taken), "pgDump", 3), []);
    });
  }

  for (const keep of [1, 0, -1]) {
    it(`are never the newest, with ${keep} to keep`, () => {
      assert.deepEqual(idsOf(outdated(recordOf(3), "pgDump", keep)), ["snapshot-1", "snapshot-2"]);
    });
  }

  it("are none of a lineage with an attempt that was never verified", () => {
    assert.deepEqual(idsOf(outdated(recordOf(4, { failed: [2] }), "pgDump", 1)), [
      "snapshot-1",
      "snapshot-3",
    ]);
  });

  it("are none of a lineage of whose attempts only one was never verified", () => {
    const record = recordOf(3);
    const { verifiedAt: _, ...failed } = record.attempts[0] as (typeof record.attempts)[number];
    assert.deepEqual(idsOf(outdated({ ...record, attempts: [failed, ...record.attempts] }, "pgDump", 1)), [
      "snapshot-2",
    ]);
  });

  it("are none that is marked as taken before a failure, when the attempts are forgotten", () => {
    const record = { ...recordOf(4, { beforeFailure: [1] }), attempts: [] };
    assert.deepEqual(idsOf(outdated(record, "pgDump", 1)), ["snapshot-2", "snapshot-3"]);
  });

  it("are none of another method, and those make no room for its own", () => {
    const record = recordOf(5);
    const snapshots = record.snapshots.map((snapshot, index) =>
      index % 2 === 0 ? snapshot : { ...snapshot, method: "command" as const },
    );
    assert.deepEqual(idsOf(outdated({ ...record, snapshots }, "pgDump", 2)), ["snapshot-1"]);
    assert.deepEqual(idsOf(outdated({ ...record, snapshots }, "command", 1)), ["snapshot-2"]);
  });

  it("make no room by staying: as many newer ones are kept beside them", () => {
    assert.deepEqual(idsOf(outdated(recordOf(5, { failed: [1, 2] }), "pgDump", 2)), ["snapshot-3"]);
  });
});

describe("the mark of a snapshot taken before a failure", () => {
  const marksOf = (record: TransitionRecord) =>
    markedSnapshots(record).map(({ beforeFailure }) => beforeFailure);

  it("is set while the attempts tell of the failure", () => {
    assert.deepEqual(marksOf(recordOf(3, { failed: [2] })), [false, true, false]);
  });

  it("stays when the attempts are forgotten", () => {
    assert.deepEqual(marksOf({ ...recordOf(3, { beforeFailure: [3] }), attempts: [] }), [false, false, true]);
  });
});
