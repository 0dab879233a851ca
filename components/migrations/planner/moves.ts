import { compare } from "semver";
import type { Direction, Plan, Snapshot, Strategy } from "./types";
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

/** What the questions below ask of: moves, or the steps that they become. */
type Path<Name> = readonly (
  | { readonly kind: "deploy"; readonly version: Name; readonly maintenance: boolean }
  | { readonly kind: Exclude<Move["kind"], "deploy"> }
)[];

/** The versions a path deploys, in order. */
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

/** Which way a path goes from the deployed version, where there is one, to the last version that it deploys. */
export function directionOf(from: string | null, to: string, path: Path<unknown>): Direction {
  if (path.length === 0) return "none";
  if (restores(path)) return "restore";
  if (from === null) return "install";
  const order = compare(to, from);
  if (order < 0 || migratesDown(path)) return "downgrade";
  return order === 0 ? "redeploy" : "upgrade";
}

/** What a path costs, as a plan tells it. */
export function costOf(path: Path<unknown>): Pick<Plan, "downtime" | "mayLoseData"> {
  return {
    downtime: usesMaintenance(path) || restores(path),
    mayLoseData: migratesDown(path) || restores(path),
  };
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
