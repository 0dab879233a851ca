import assert from "node:assert/strict";
import { compare, minor } from "semver";
import { builtInFacts } from "../../../../components/migrations/facts";
import type { Instance } from "../../../../sandbox/instance";
import { helmHistory, record } from "../helm";

export function schemaVersionOf(version: string): number | null | undefined {
  return builtInFacts.releases.find((release) => release.version === version)?.databaseVersion;
}

/** What holds once a target is reached, whatever died on the way. */
export async function reached(instance: Instance, target: string, markBefore: string): Promise<void> {
  const { verified, highWaterMark, schemaOwner } = await record(instance);
  assert.equal(verified.version, target);
  assert.equal(schemaOwner, target);
  assert.equal(await instance.schemaVersion(), schemaVersionOf(target));
  assert.ok(compare(highWaterMark, markBefore) >= 0, `the mark fell from ${markBefore} to ${highWaterMark}`);
}

/** Helm's history goes from minor to minor, up or down, and ends deployed. */
export async function hasNoJump(instance: Instance): Promise<void> {
  const history = await helmHistory(instance);
  const minors = history.map((revision) => minor(revision.split(" ")[0] ?? ""));
  for (const [index, next] of minors.entries()) {
    const before = minors[index - 1] ?? next;
    assert.ok(Math.abs(next - before) <= 1, `Helm's history has a jump: ${history.join(", ")}`);
  }
  assert.match(history.at(-1) ?? "", / deployed$/);
}

/** Every row whose writing was acknowledged is there. */
export async function hasRows(instance: Instance, written: readonly number[]): Promise<void> {
  const [rows] = await instance.query<{ count: string }>("SELECT count(*) FROM modules WHERE id = ANY($1)", [
    written,
  ]);
  assert.equal(Number(rows?.count), written.length, "rows whose writing was acknowledged are missing");
}
