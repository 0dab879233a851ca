import { createHash } from "node:crypto";

/** Postgres cuts longer names, so that two databases would be one. */
export const longestName = 63;

/** The database that a snapshot is restored into, until both change names. Always the same: what a killed Job has left is found again. */
export function restoringName(database: string): string {
  return beside(database, "_restoring");
}

/** What the present database is called once a restore that begins at a moment has switched over. */
export function keptName(database: string, at: Date): string {
  const time = at.toISOString().replaceAll(/\D/g, "").slice(4, 14);
  return beside(database, `_before_restore_${time}`);
}

/** The scratch database. With a hash, so that no user's own is meant, as this one is dropped at any time. */
export function scratchName(database: string): string {
  return beside(database, `_scratch_${hashOf(database)}`);
}

/** A database's name with an ending. What has to be cut for it gets a hash, so that it is no other database's. */
function beside(database: string, ending: string): string {
  if (lengthOf(database + ending) <= longestName) return database + ending;
  const hash = `_${hashOf(database)}`;
  return `${cut(database, longestName - hash.length - ending.length)}${hash}${ending}`;
}

/** Whether Postgres takes a name as it is. */
export function isWhole(name: string): boolean {
  return lengthOf(name) <= longestName;
}

function lengthOf(name: string): number {
  return Buffer.byteLength(name);
}

/** The beginning of a name, and no part of a character. */
function cut(name: string, bytes: number): string {
  let kept = "";
  for (const character of name) {
    if (lengthOf(kept + character) > bytes) break;
    kept += character;
  }
  return kept;
}

function hashOf(database: string): string {
  return createHash("sha256").update(database).digest("hex").slice(0, 8);
}
