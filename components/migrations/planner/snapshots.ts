import type { Move } from "./moves";
import type { Finished, Warning } from "./types";
import type { Version } from "./versions";

/**
 * R9: adds the transition's snapshot directly before the first deploy, so that it comes after a wait at the start.
 * An install has nothing to lose and takes none. If the first leg is a maintenance jump, none is added either: the
 * jump has its own, taken once nobody can write.
 */
export function withSnapshot(
  deployed: Version | null,
  moves: readonly Move[],
  firstLegJumps: boolean,
): Move[] {
  if (deployed === null || firstLegJumps) return [...moves];
  const first = moves.findIndex((move) => move.kind === "deploy");
  if (first === -1) return [...moves];
  return [...moves.slice(0, first), { kind: "snapshot", version: deployed }, ...moves.slice(first)];
}

/** R9 without a snapshot method: the path without its snapshots. */
export function withoutSnapshots(moves: readonly Move[]): Move[] {
  return moves.filter((move) => move.kind !== "snapshot");
}

/**
 * R17: leaves out the snapshot that the lineage has already taken. It counts only at the same version, and only if
 * no user can write before it in this plan. A deploy with maintenance off lets users write, and so does a wait,
 * which can last days.
 */
export function withoutFinishedSnapshot(moves: readonly Move[], finished: Finished): Move[] {
  const first = moves.findIndex((move) => !(move.kind === "deploy" && move.maintenance));
  const move = moves[first];
  return move?.kind === "snapshot" && move.version.version === finished.snapshot
    ? moves.filter((_, index) => index !== first)
    : [...moves];
}

/** R9: warns where a snapshot would be taken if a method were given. */
export function noSnapshot(moves: readonly Move[]): Warning | null {
  const missing = moves.find((move) => move.kind === "snapshot");
  return missing === undefined
    ? null
    : {
        code: "no-snapshot",
        message:
          `No snapshot of the database is taken at ${missing.version.version} before the first deploy, because no ` +
          "snapshot method is given. Set snapshot to a snapshot method, or take one yourself.",
      };
}
