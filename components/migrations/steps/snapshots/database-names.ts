import { createHash } from "node:crypto";

/** The longest name that Postgres keeps whole. It cuts longer ones, so that two databases could get the same name. */
export const longestName = 63;

/**
 * Returns the name of the database that a snapshot is restored into, until both change names. It is always the same, so
 * that the leftovers of a killed Job are found again.
 */
export function restoringName(database: string): string {
  return beside(database, "_restoring");
}

/** Returns the name that the present database gets once a restore that begins at this time has switched over. */
export function keptName(database: string, at: Date): string {
  const time = at.toISOString().replaceAll(/\D/g, "").slice(4, 14);
  return beside(database, `_before_restore_${time}`);
}

/**
 * Returns the name of the scratch database. It has a hash, so that it never names a database of the user's: this one is
 * dropped at any time.
 */
export function scratchName(database: string): string {
  return beside(database, `_scratch_${hashOf(database)}`);
}

/** Adds an ending to a database's name. A name that has to be cut gets a hash, so that it is not another database's. */
function beside(database: string, ending: string): string {
  if (lengthOf(database + ending) <= longestName) return database + ending;
  const hash = `_${hashOf(database)}`;
  return `${cut(database, longestName - hash.length - ending.length)}${hash}${ending}`;
}

/** Whether Postgres keeps a name whole. */
export function isWhole(name: string): boolean {
  return lengthOf(name) <= longestName;
}

function lengthOf(name: string): number {
  return Buffer.byteLength(name);
}

/** Returns the beginning of a name, without cutting a character in two. */
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
