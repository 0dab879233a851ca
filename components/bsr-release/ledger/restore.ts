import { restoredTo, type Refusal, type Snapshot } from "../../migrations/planner";
import type { Facts } from "../../migrations/facts";
import type { LedgerRequest } from "./request";
import type { LedgerPosition, LedgerState } from "./state";
import type { Observation } from "../observation/position";

/** A restore to carry out (R18): its name on record, and what the restored database has. */
export interface Restore {
  /** The snapshot's id, or the text of `restoredTo`. */
  readonly name: string;
  readonly snapshot: Snapshot;
}

/** Returns the restore that is requested, or `null` if there is none or it was already done. */
export function restoreOf(
  request: LedgerRequest,
  previous: LedgerState | undefined,
  { record }: Observation,
  facts: Facts,
): Restore | null {
  const { restore: id, restoredTo: told } = request.policy;
  if (isDone(request, previous, record)) return null;
  if (told !== undefined) {
    const snapshot = restoredTo(facts, told);
    return snapshot === null ? null : { name: told, snapshot: { ...snapshot, byHand: true } };
  }
  const taken = record?.snapshots.find((snapshot) => snapshot.id === id);
  if (taken === undefined) return null;
  const { version, schemaVersion, schemaOwner, highWaterMark } = taken;
  return {
    name: taken.id,
    snapshot: { version, schemaVersion: schemaVersion ?? 0, schemaOwner, highWaterMark },
  };
}

/**
 * Whether the restore is on record as done. A snapshot is not restored twice. A restore by hand may happen again with
 * exactly the same numbers, and counts as another one when it is configured again.
 */
function isDone(
  { policy: { restore, restoredTo: told } }: LedgerRequest,
  previous: LedgerState | undefined,
  record: Observation["record"],
): boolean {
  const name = told ?? restore;
  const isOnRecord = record?.restores.some(({ snapshot }) => snapshot === name) === true;
  return isOnRecord && (told === undefined || previous?.restoredTo === told);
}

/** Returns the position after the restore: owner and mark are the snapshot's, and what was deployed before is over. */
export function restoredPosition(
  { deployedVersion: _before, ...position }: LedgerPosition,
  { snapshot: { schemaOwner, highWaterMark } }: Restore,
): LedgerPosition {
  return { ...position, schemaOwner, highWaterMark };
}

/** Refuses a snapshot that is not on the cluster's record, and a method other than the one that took it. */
export function refuseRestore(
  request: LedgerRequest,
  previous: LedgerState | undefined,
  { record }: Observation,
): Refusal[] {
  const { restore, restoredTo: told } = request.policy;
  if (isDone(request, previous, record)) return [];
  if (told !== undefined) return request.observe.usesJobs ? [] : [refuseUnread(told)];
  if (restore === undefined) return [];
  const known = record?.snapshots ?? [];
  const list = known.map(({ id, at }) => `${id} (${at})`).join(", ");
  const taken = known.find(({ id }) => id === restore);
  if (taken === undefined) {
    return [
      {
        code: "unknown-snapshot",
        found: `restore is ${restore}, and the cluster's record of this database has ${list === "" ? "no snapshot" : `only ${list}`}.`,
        wanted: "The id of a snapshot on record.",
        remedy: "Set restore to one of them, or remove it.",
      },
    ];
  }
  const given = methodOf(request);
  if (given === taken.method) return [];
  return [
    {
      code: "snapshot-method-missing",
      found: `The snapshot ${restore} was taken with snapshot.${taken.method}, and ${given === null ? "no snapshot method" : `snapshot.${given}`} is given.`,
      wanted: "The method that took the snapshot.",
      remedy: `Set snapshot.${taken.method}, at least for this pulumi up.`,
    },
  ];
}

function methodOf({ policy: { snapshots }, observe: { usesJobs } }: LedgerRequest) {
  if (!snapshots) return null;
  return usesJobs ? "pgDump" : "command";
}

/** Refuses `restoredTo` without a way to check it: it is accepted only if the database has that schema version. */
function refuseUnread(told: string): Refusal {
  return {
    code: "snapshot-method-missing",
    found: `restoredTo is ${told}, and snapshot.pgDump is not given.`,
    wanted:
      "A way to read the schema version of the restored database: snapshot.pgDump, whose image has psql.",
    remedy:
      "Set snapshot.pgDump, at least for this pulumi up. If a command takes the snapshots, snapshot.command.restore " +
      "can report what was restored by hand instead: set restore to the snapshot's id.",
  };
}
