import type { Snapshot } from "./types";
import { highest, type Version } from "./versions";

/**
 * What a path does, before it is known whether the path is allowed. A move becomes a step when nothing refuses
 * the path; until then it holds versions, not texts, and a way down need not have a schema version yet.
 */
export type Move =
  | { readonly kind: "restore"; readonly snapshot: Snapshot }
  | { readonly kind: "deploy"; readonly version: Version; readonly maintenance: boolean }
  | { readonly kind: "snapshot"; readonly version: Version }
  | { readonly kind: "awaitDataMigration"; readonly version: Version }
  | { readonly kind: "migrateDown"; readonly binary: Version; readonly to: Version };

export function deploy(version: Version): Move {
  return { kind: "deploy", version, maintenance: false };
}

/** The versions a path deploys, in order. */
export function deployed(moves: readonly Move[]): Version[] {
  const versions: Version[] = [];
  for (const move of moves) if (move.kind === "deploy") versions.push(move.version);
  return versions;
}

export function restores(moves: readonly Move[]): boolean {
  return moves.some((move) => move.kind === "restore");
}

export function migratesDown(moves: readonly Move[]): boolean {
  return moves.some((move) => move.kind === "migrateDown");
}

export function usesMaintenance(moves: readonly Move[]): boolean {
  return moves.some((move) => move.kind === "deploy" && move.maintenance);
}

/**
 * R13: the owner after the moves. A deploy takes the database over when it is higher than the owner, and no
 * other deploy does: what lies at or below the owner brings no migration that the owner has not brought.
 */
export function ownerAfter(owner: Version | null, moves: readonly Move[]): Version | null {
  return moves.reduce<Version | null>((current, move) => {
    if (move.kind === "migrateDown") return move.to;
    if (move.kind !== "deploy") return current;
    return current === null ? move.version : highest(current, move.version);
  }, owner);
}

/** The mark after the moves: attempts only ever raise it, also those on the way down. */
export function markAfter(mark: Version | null, moves: readonly Move[]): Version | null {
  return deployed(moves).reduce<Version | null>(
    (current, version) => (current === null ? version : highest(current, version)),
    mark,
  );
}
