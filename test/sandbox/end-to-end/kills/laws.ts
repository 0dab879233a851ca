import assert from "node:assert/strict";
import { compare, minor } from "semver";
import { builtInFacts } from "../../../../components/migrations/facts";
import { exec } from "../../../../sandbox/exec";
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

/** Every row whose writing was acknowledged is there; how many were found. */
export async function hasRows(instance: Instance, written: readonly number[]): Promise<number> {
  const [rows] = await instance.query<{ count: string }>("SELECT count(*) FROM modules WHERE id = ANY($1)", [
    written,
  ]);
  const found = Number(rows?.count);
  assert.equal(found, written.length, "rows whose writing was acknowledged are missing");
  return found;
}

/** The rows of modules as texts, in a database of the instance. */
export async function rowsOf({ database, env }: Instance, of = database): Promise<Set<string>> {
  const sql = "SELECT id || ' ' || name FROM modules";
  return new Set((await exec("psql", ["-d", of, "-Atc", sql], { env })).trim().split("\n"));
}

interface WentBack {
  /** The rows that the snapshot has at least. */
  readonly saved: ReadonlySet<string>;
  /** Those that were there when the way back began, with one that the snapshot does not have. */
  readonly before: ReadonlySet<string>;
  readonly since: string;
  /** Ids of rows whose writing was acknowledged on the way. */
  readonly written: readonly number[];
}

/**
 * A restore has brought back the rows of the snapshot and no other, and what was there is kept: every row of it, and of
 * those whose writing was acknowledged meanwhile each is in one of the two databases. How many of them were found.
 */
export async function wentBack(
  instance: Instance,
  { saved, before, since, written }: WentBack,
): Promise<number> {
  const kept = (await record(instance)).restores.at(-1)?.kept.replace("database ", "");
  assert.ok(kept !== undefined, "no restore is on record");
  const [present, aside] = await Promise.all([rowsOf(instance), rowsOf(instance, kept)]);
  const missing = (rows: ReadonlySet<string>, from: ReadonlySet<string>) =>
    [...from].filter((row) => !rows.has(row)).slice(0, 5);
  assert.deepEqual(missing(present, saved), [], "rows of the snapshot are missing");
  assert.deepEqual(missing(aside, before), [], `rows of before are missing in ${kept}`);
  assert.ok(before.has(since) && !present.has(since), "the database is not the snapshot's");
  const ids = new Set([...present, ...aside].map((row) => Number(row.split(" ")[0])));
  const found = written.filter((id) => ids.has(id)).length;
  assert.equal(found, written.length, "rows whose writing was acknowledged are in neither database");
  return found;
}
