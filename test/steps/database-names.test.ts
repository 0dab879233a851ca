import { strict as assert } from "node:assert";
import {
  isWhole,
  keptName,
  restoringName,
  scratchName,
} from "../../components/migrations/steps/snapshots/database-names";

const at = new Date("2026-11-23T12:28:13Z");
const names = [restoringName, scratchName, (database: string) => keptName(database, at)];
const databases = [1, 30, 35, 36, 37, 53, 54, 62, 63].flatMap((length) => [
  "d".repeat(length),
  // Three bytes each.
  "本".repeat(Math.floor(length / 3)) + "d".repeat(length % 3),
]);

describe("the databases beside a database", () => {
  it("have its name with an ending", () => {
    assert.equal(restoringName("bsr"), "bsr_restoring");
    assert.equal(keptName("bsr", at), "bsr_before_restore_1123122813");
    assert.match(scratchName("bsr"), /^bsr_scratch_[0-9a-f]{8}$/);
  });

  for (const database of new Set(databases)) {
    it(`are no longer than Postgres takes, and none is the present one, of ${Buffer.byteLength(database)} bytes: ${database}`, () => {
      const beside = names.map((name) => name(database));
      assert.deepEqual(
        beside.filter((name) => !isWhole(name)),
        [],
      );
      assert.equal(new Set([database, ...beside]).size, 4);
      assert.ok(beside.every((name) => !name.includes("\ufffd")));
    });
  }

  it("are each database's own, where their names have to be cut", () => {
    const [one, other] = [`${"d".repeat(62)}1`, `${"d".repeat(62)}2`];
    for (const name of names) assert.notEqual(name(one), name(other));
  });

  it("of a restore are found by what they begin with, whenever it was", () => {
    for (const database of databases) {
      const [early, late] = [keptName(database, at), keptName(database, new Date("2027-01-01T00:00:00Z"))];
      assert.equal(early.slice(0, -10), late.slice(0, -10));
    }
  });
});
