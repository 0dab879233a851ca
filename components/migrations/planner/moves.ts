import { compare } from "semver";
import type { Direction, Plan, Snapshot, Strategy } from "./types";
import { highest, type Version } from "./versions";

/**
 * One thing that a path does, before it is known whether the path is allowed. A move becomes a step when nothing
 * refuses the path. Until then it holds versions, not texts, and a way down need not have a schema version yet.
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

/** What the functions below take: moves, or the steps that they become. */
type Path<Name> = readonly (
  | { readonly kind: "deploy"; readonly version: Name; readonly maintenance: boolean }
  | { readonly kind: Exclude<Move["kind"], "deploy"> }
)[];

/** Returns the versions that a path deploys, in order. */
export function deployed<Name>(path: Path<Name>): Name[] {
  const versions: Name[] = [];
  for (const move of path) if (move.kind === "deploy") versions.push(move.version);
  return versions;
}

export function restores(path: Path<unknown>): boolean {
  return path.some((move) => move.kind === "restore");
}

export function migratesDown(path: Path<unknown>): boolean {
  return path.some((move) => move.kind === "migrateDown");
}

export function usesMaintenance(path: Path<unknown>): boolean {
  return path.some((move) => move.kind === "deploy" && move.maintenance);
}

export function strategyOf(path: Path<unknown>): Strategy {
  return usesMaintenance(path) ? "maintenance" : "sequential";
}

/** Returns the direction of a path from the deployed version, if there is one, to the last version it deploys. */
export function directionOf(from: string | null, to: string, path: Path<unknown>): Direction {
  if (path.length === 0) return "none";
  if (restores(path)) return "restore";
  if (from === null) return "install";
  const order = compare(to, from);
  if (order < 0 || migratesDown(path)) return "downgrade";
  return order === 0 ? "redeploy" : "upgrade";
}

/** Returns what a path costs, as a plan states it. */
export function costOf(path: Path<unknown>): Pick<Plan, "downtime" | "mayLoseData"> {
  return {
    downtime: usesMaintenance(path) || restores(path),
    mayLoseData: migratesDown(path) || restores(path),
  };
}

/**
 * R13: returns the owner after the moves. Only a deploy of a version above the owner takes the database over:
 * a release at or below the owner brings no migration that the owner has not brought.
 */
export function ownerAfter(owner: Version | null, moves: readonly Move[]): Version | null {
  return moves.reduce<Version | null>((current, move) => {
    if (move.kind === "migrateDown") return move.to;
    if (move.kind !== "deploy") return current;
    return current === null ? move.version : highest(current, move.version);
  }, owner);
}

/** Returns the mark after the moves: attempts only ever raise it, also those on a way down. */
export function markAfter(mark: Version | null, moves: readonly Move[]): Version | null {
  return deployed(moves).reduce<Version | null>(
    (current, version) => (current === null ? version : highest(current, version)),
    mark,
  );
}
