import type { Move } from "./moves";
import type { Finished, Warning } from "./types";
import type { Version } from "./versions";

/**
 * R9: the moves with the transition's snapshot directly before their first deploy, so that it comes after a
 * wait at the start. None for an install, which has nothing to lose; and none where the first leg is a
 * maintenance jump, which brings its own, taken when nobody can write any more.
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

/** R9 without a method: the path without its snapshots. */
export function withoutSnapshots(moves: readonly Move[]): Move[] {
  return moves.filter((move) => move.kind !== "snapshot");
}

/**
 * R17: the moves without the snapshot that the lineage has taken already. It counts only at the same version,
 * and only where nothing in this plan lets a user write before it: a deploy with maintenance off and a wait,
 * which can last days, both do.
 */
export function withoutFinishedSnapshot(moves: readonly Move[], finished: Finished): Move[] {
  const first = moves.findIndex((move) => !(move.kind === "deploy" && move.maintenance));
  const move = moves[first];
  return move?.kind === "snapshot" && move.version.version === finished.snapshot
    ? moves.filter((_, index) => index !== first)
    : [...moves];
}

/** R9: said where a snapshot would have been taken and there is no method to take it with. */
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
