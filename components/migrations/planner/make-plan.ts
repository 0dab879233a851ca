import type { Facts } from "../facts";
import { missingValues, replacedValues } from "./contracts";
import {
  belowHighWaterMark,
  minorByMinorDown,
  needsAcknowledgement,
  sameMinorDown,
  schemaVersion,
  unknownSchemaVersion,
} from "./downward";
import { install, reinstallOwnerFirst, restoreFirst } from "./install";
import { knownReleases } from "./known-releases";
import {
  costOf,
  deploy,
  directionOf,
  markAfter,
  ownerAfter,
  restores,
  strategyOf,
  usesMaintenance,
  type Move,
} from "./moves";
import { tableOf, type ReleaseTable } from "./release-table";
import { raised, type Situation } from "./situation";
import { startAgain } from "./start-again";
import { noSnapshot, withoutFinishedSnapshot, withoutSnapshots, withSnapshot } from "./snapshots";
import type { Finished, Outcome, Plan, Position, Refusal, Request, Step, Warning } from "./types";
import { unfinishedMaintenance } from "./unfinished-maintenance";
import { unknownPath } from "./unknown-path";
import {
  downtimeNotAllowed,
  isWorthMaintenance,
  legTexts,
  snapshotRequired,
  wayUp,
  type Leg,
} from "./upward";
import { compare, minorsAbove, type Version } from "./versions";
import { read, type WrittenVersions } from "./written";

/** A path before it is judged: its moves with every snapshot it would take, and what the rules need to judge it. */
interface Path {
  readonly moves: readonly Move[];
  readonly legs: readonly Leg[];
  readonly unknown: Refusal | null;
}

/**
 * Plans the way from a position to the target, or refuses it.
 *
 * 1. R1: without two known ends nothing else is judged.
 * 2. R13: the position is raised to mark >= owner >= deployed version. R18: when a snapshot is restored, its bounds
 *    are raised instead.
 * 3. R2 and R13: an install far from the owner and an unfinished jump leave no path to judge either.
 * 4. The path is made as if everything on it were allowed.
 * 5. R16: every rule judges that whole path, and all refusals are given at once.
 * 6. What the lineage has finished is left out (R17), and the moves become steps.
 *
 * Pure: it knows only its arguments and changes none of them.
 */
export function makePlan(facts: Facts, position: Position, request: Request, finished: Finished): Outcome {
  const table = tableOf(facts);
  const written = read(position, request);
  const unknown = knownReleases(table, written);
  const target = written.target.version;
  if (unknown.length > 0 || target === null) return { outcome: "refused", refusals: unknown };

  const situation = raised(position, request, written);
  const alone = standingAlone(situation, target, request);
  if (alone !== null) return { outcome: "refused", refusals: [alone] };

  const path = pathTo(table, situation, target, request, finished);
  const refusals = refusalsOf(table, situation, target, request, written, path);
  if (refusals.length > 0) return { outcome: "refused", refusals };

  return planOf(table, situation, target, request, finished, path);
}

function standingAlone(situation: Situation, target: Version, request: Request): Refusal | null {
  return situation.deployed === null
    ? reinstallOwnerFirst(situation.owner, target, situation.restore)
    : unfinishedMaintenance(situation, target, request);
}

/**
 * Chooses the rule that makes the path, by minors. Below the owner's minor the database must come down, whatever
 * the deployed version is. In the deployed minor one deploy is enough. Above it, the path is a way up.
 */
function pathTo(
  table: ReleaseTable,
  situation: Situation,
  target: Version,
  request: Request,
  finished: Finished,
): Path {
  const { deployed, owner, restore } = situation;
  if (deployed === null) {
    const moves = install(owner, target);
    return { moves: restore === null ? moves : restoreFirst(restore, moves), legs: [], unknown: null };
  }
  if (owner !== null && minorsAbove(owner, target) > 0) {
    const way = startAgain(situation, deployed, minorByMinorDown(table, owner, target));
    const moves = withSnapshot(deployed, way, false);
    return { moves, legs: [], unknown: unknownPath(table, owner, target) };
  }
  if (minorsAbove(target, deployed) > 0) {
    const { legs, moves } = wayUp(table, { ...situation, deployed }, target, request, finished);
    const firstLegJumps = legs[0]?.jump === true;
    return {
      moves: withSnapshot(deployed, startAgain(situation, deployed, moves), firstLegJumps),
      legs,
      unknown: unknownPath(table, deployed, target),
    };
  }
  const moves = withinMinor(deployed, target, situation.settled);
  return { moves: withSnapshot(deployed, moves, false), legs: [], unknown: null };
}

/** The target is in the minor of both the deployed version and the owner. */
function withinMinor(deployed: Version, target: Version, settled: boolean): Move[] {
  const order = compare(target, deployed);
  if (order === 0) return nothingToDo(target, settled);
  return order > 0 ? sameMinorUp(target) : sameMinorDown(target);
}

/**
 * R3: nothing, when the live revision is the verified one. Otherwise one deploy of the target, which reverts a failed
 * patch and ends maintenance that was left on.
 */
function nothingToDo(target: Version, settled: boolean): Move[] {
  return settled ? [] : [deploy(target)];
}

/** R4: one deploy, from any patch. */
function sameMinorUp(target: Version): Move[] {
  return [deploy(target)];
}

/** R16: everything that is wrong with a path, at once; contracts are checked even if something else refuses it. */
function refusalsOf(
  table: ReleaseTable,
  { mark }: Situation,
  target: Version,
  request: Request,
  { acknowledgement }: WrittenVersions,
  { moves, legs, unknown }: Path,
): Refusal[] {
  return [
    unknown,
    belowHighWaterMark(mark, target, moves, acknowledgement),
    ...unknownSchemaVersion(table, moves),
    downtimeNotAllowed(legs, request),
    snapshotRequired(legs, request),
    ...missingValues(table, moves, request),
  ].filter((refusal) => refusal !== null);
}

function planOf(
  table: ReleaseTable,
  situation: Situation,
  target: Version,
  request: Request,
  finished: Finished,
  path: Path,
): Plan {
  const needed = withoutFinishedSnapshot(path.moves, finished);
  const moves = request.snapshots ? needed : withoutSnapshots(needed);
  const steps = moves.map((move) => stepOf(table, move));
  return {
    outcome: "plan",
    direction: directionOf(situation.deployed?.version ?? null, target.version, moves),
    from: situation.from?.version ?? null,
    to: target.version,
    strategy: strategyOf(moves),
    steps,
    warnings: warningsOf(table, situation, target, request, needed, path.legs),
    highWaterMark: (markAfter(situation.mark, moves) ?? target).version,
    schemaOwner: (ownerAfter(situation.owner, moves) ?? target).version,
    ...costOf(moves),
  };
}

function stepOf(table: ReleaseTable, move: Move): Step {
  const { kind } = move;
  switch (kind) {
    case "restore": {
      const { version, schemaVersion: restored, byHand } = move.snapshot;
      return { kind, version, schemaVersion: restored, ...(byHand === true ? { byHand } : {}) };
    }
    case "deploy":
      return { kind, version: move.version.version, maintenance: move.maintenance };
    case "snapshot":
    case "awaitDataMigration":
      return { kind, version: move.version.version };
    case "migrateDown": {
      const number = schemaVersion(table, move.to);
      if (number === null) {
        throw new Error(`R14 allowed a path to ${move.to.version}, whose schema version is not known.`);
      }
      return { kind, binary: move.binary.version, schemaVersion: number };
    }
  }
}

function warningsOf(
  table: ReleaseTable,
  { mark }: Situation,
  target: Version,
  request: Request,
  moves: readonly Move[],
  legs: readonly Leg[],
): Warning[] {
  return [
    maintenanceNotUsed(moves, request),
    maintenanceShorter(legs, request),
    request.snapshots ? null : noSnapshot(moves),
    acknowledgementUnused(mark, target, moves, request),
    ...replacedValues(table, moves, request),
  ].filter((warning) => warning !== null);
}

/** R8: downtime is allowed, and the plan does not need it. A restore has downtime with either strategy (R18). */
function maintenanceNotUsed(moves: readonly Move[], request: Request): Warning | null {
  if (request.strategy !== "maintenance" || moves.length === 0) return null;
  if (usesMaintenance(moves) || restores(moves)) return null;
  return {
    code: "maintenance-not-used",
    message:
      "The strategy is maintenance, and no step of this plan uses it: it serves only a way up over three or more " +
      "minors between required stops. The plan has no downtime.",
  };
}

/** R8: maintenance is never chosen silently; this warning says where it would save hops. */
function maintenanceShorter(legs: readonly Leg[], request: Request): Warning | null {
  if (request.strategy !== "sequential" || !request.snapshots) return null;
  const long = legs.filter((leg) => isWorthMaintenance(leg.start, leg.end));
  if (long.length === 0) return null;
  return {
    code: "maintenance-shorter",
    message:
      `With downtime, the way ${legTexts(long)} is shorter: set strategy to maintenance and allowDowntime to true. ` +
      "This plan goes minor by minor and has no downtime.",
  };
}

/** R12: an acknowledgement is for one loss; an unused one left in place is a risk for a later plan. */
function acknowledgementUnused(
  mark: Version | null,
  target: Version,
  moves: readonly Move[],
  { acknowledgeDataLoss }: Request,
): Warning | null {
  if (acknowledgeDataLoss === null || needsAcknowledgement(mark, target, moves)) return null;
  return {
    code: "acknowledgement-unused",
    message: `acknowledgeDataLoss is "${acknowledgeDataLoss}", and this plan does not need it. Remove it.`,
  };
}
