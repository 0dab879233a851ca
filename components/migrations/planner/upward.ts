import { deploy, type Move } from "./moves";
import type { ReleaseTable, Stop } from "./release-table";
import type { Situation } from "./situation";
import type { Finished, Refusal, Request } from "./types";
import { minorsAbove, type Version } from "./versions";

/** The fewest minors for which maintenance saves time (R8). */
const MINORS_WORTH_MAINTENANCE = 3;

/** A stretch of a way up between required stops (R7). */
export interface Leg {
  readonly start: Version;
  readonly end: Version;
  /** R8: walked in one deploy, with maintenance on before it. */
  readonly jump: boolean;
  /** R13: an earlier jump that is unfinished; only another jump leads on. */
  readonly resumed: boolean;
}

/** A way up to a higher minor. */
interface WayUp {
  readonly legs: readonly Leg[];
  readonly moves: readonly Move[];
}

/**
 * R5 (and R4, when no minor lies between): for every minor m with start < m < end, from the lowest, one deploy
 * of its newest patch; then the end. The start's own patch does not matter: a hop is supported from any patch.
 * Minors without a release are skipped here and refused by R1 (`unknown-path`).
 */
function hopByHop(table: ReleaseTable, start: Version, end: Version): Move[] {
  const moves: Move[] = [];
  if (start.major === end.major) {
    for (let minor = start.minor + 1; minor < end.minor; minor += 1) {
      const between = table.newestPatch(start.major, minor);
      if (between !== undefined) moves.push(deploy(between));
    }
  }
  return [...moves, deploy(end)];
}

/**
 * R7: required stops cut a way up into legs. A stop s cuts when start < s < end, counted in minors: a way that
 * ends in the stop's minor has nothing after the wait, and one that starts in it is already there.
 */
function cutAtRequiredStops(table: ReleaseTable, start: Version, end: Version): [Version, Version][] {
  const cuts = table.stops
    .filter((stop) => isBetween(stop, start, end))
    .sort((a, b) => a.major - b.major || a.minor - b.minor)
    .flatMap((stop) => table.newestPatch(stop.major, stop.minor) ?? []);
  const ends = [...cuts, end];
  return ends.map((legEnd, index) => [ends[index - 1] ?? start, legEnd]);
}

/**
 * R4, R5, R7 and R8: the way from the deployed version up to a target of a higher minor.
 *
 * The way starts at the deployed version, even if a failed attempt has already moved the owner on: what was
 * attempted is attempted again. Each leg is one jump in maintenance or goes hop by hop. Between two legs the
 * stop's data migration is awaited, with maintenance off.
 */
export function wayUp(
  table: ReleaseTable,
  { deployed: start, owner, settled, inMaintenance, begun }: Situation & { readonly deployed: Version },
  target: Version,
  request: Request,
  finished: Finished,
): WayUp {
  const resumesJump = owner !== null && minorsAbove(owner, start) > 1;
  const isObserved = begun !== null;
  const isServing = isObserved ? settled : !inMaintenance;
  // After an unfinished jump the start must not serve again, and its wait ended before the jump.
  const wait = isObserved && resumesJump ? [] : waitAtStart(table, start, isServing, finished);
  const legs = cutAtRequiredStops(table, start, target).map(([legStart, legEnd], index) => ({
    start: legStart,
    end: legEnd,
    jump:
      request.strategy === "maintenance" &&
      (isWorthMaintenance(legStart, legEnd) || (resumesJump && index === 0)),
    resumed: resumesJump && index === 0,
  }));
  const moves = legs.flatMap((leg, index) => [
    ...(index === 0 ? wait : [awaitAt(leg.start)]),
    ...(leg.jump ? maintenanceJump(leg) : hopByHop(table, leg.start, leg.end)),
  ]);
  return { legs, moves };
}

/** R8: three or more minors. Across a major the number cannot be known, and maintenance is not worth it. */
export function isWorthMaintenance(start: Version, end: Version): boolean {
  const minors = minorsAbove(end, start);
  return Number.isFinite(minors) && minors >= MINORS_WORTH_MAINTENANCE;
}

/** R8: the leg's start with maintenance on, a snapshot while nobody can write, the leg's end with it off. */
function maintenanceJump({ start, end }: Leg): Move[] {
  return [
    { kind: "deploy", version: start, maintenance: true },
    { kind: "snapshot", version: start },
    deploy(end),
  ];
}

function awaitAt(version: Version): Move {
  return { kind: "awaitDataMigration", version };
}

/**
 * R7: a way up that starts in a stop's minor waits first, at the deployed patch, unless the lineage has seen that
 * wait end (R17). A revision that is not verified or has maintenance on may write nothing, so the migration would
 * never end. Then the deployed version is first deployed with maintenance off.
 */
function waitAtStart(table: ReleaseTable, start: Version, isServing: boolean, finished: Finished): Move[] {
  const startsInStop = table.stops.some((stop) => stop.major === start.major && stop.minor === start.minor);
  if (!startsInStop || finished.dataMigrations.includes(start.version)) return [];
  return isServing ? [awaitAt(start)] : [deploy(start), awaitAt(start)];
}

function isBetween(stop: Stop, start: Version, end: Version): boolean {
  const above = stop.major - start.major || stop.minor - start.minor;
  const below = end.major - stop.major || end.minor - stop.minor;
  return above > 0 && below > 0;
}

/** R8: refuses a jump in maintenance unless downtime is allowed. */
export function downtimeNotAllowed(legs: readonly Leg[], request: Request): Refusal | null {
  const jumps = legs.filter((leg) => leg.jump);
  if (jumps.length === 0 || request.allowDowntime) return null;
  return {
    code: "downtime-not-allowed",
    found: `The strategy maintenance takes the BSR down ${legTexts(jumps)}, and allowDowntime is not true.`,
    wanted: "A path through maintenance mode needs downtime to be allowed.",
    remedy: jumps.some((leg) => leg.resumed)
      ? "Set allowDowntime to true, or restore the snapshot that was taken before the unfinished jump."
      : "Set allowDowntime to true, or set strategy to sequential, which has no downtime.",
  };
}

/** R8: refuses a jump in maintenance without a snapshot method, as only a snapshot can undo a failed jump. */
export function snapshotRequired(legs: readonly Leg[], request: Request): Refusal | null {
  const jumps = legs.filter((leg) => leg.jump);
  if (jumps.length === 0 || request.snapshots) return null;
  return {
    code: "snapshot-required",
    found: `The strategy maintenance takes the BSR ${legTexts(jumps)} in one deploy, and no snapshot method is given.`,
    wanted: "A path through maintenance mode needs a snapshot, the only way back from a failed jump.",
    remedy: jumps.some((leg) => leg.resumed)
      ? "Set snapshot to a snapshot method, or restore the snapshot that was taken before the unfinished jump."
      : "Set snapshot to a snapshot method, or set strategy to sequential.",
  };
}

export function legTexts(legs: readonly Leg[]): string {
  return legs.map((leg) => `from ${leg.start.version} to ${leg.end.version}`).join(" and ");
}
