import type { TransitionRecord } from "../../components/migrations/cluster/record/record";
import { eventsOf } from "../../components/migrations/cluster/record/events";
import type { OwnDeploy } from "./deploys";
import type { HistoryEvent } from "./events";
import { schemaVersions } from "./schema-versions";

/** What happened, with the transition that did it; `null` if it is not known which. */
export interface OwnEvent {
  readonly transition: number | null;
  readonly event: HistoryEvent;
}

/** Returns what transitions did, in no particular order. */
export function ownEvents(deploys: readonly OwnDeploy[], record: TransitionRecord | null): OwnEvent[] {
  const versions = schemaVersions(deploys, record);
  return [
    ...deploys.map(({ transition, event }, index) => ({
      transition,
      event: { ...event, schemaVersion: versions[index] ?? null },
    })),
    ...(record === null
      ? []
      : [...failures(deploys, record), ...migrationsDown(record), ...changes(deploys, record)]),
  ];
}

/** Returns the failures that did not end a deploy. */
function failures(deploys: readonly OwnDeploy[], record: TransitionRecord): OwnEvent[] {
  const told = deploys.map(({ failure }) => failure?.at);
  return eventsOf(record).flatMap((event) => {
    if (event.kind !== "failed" || told.includes(event.at)) return [];
    const { transition, at, step, version, why } = event;
    return [{ transition, event: { kind: "failure", at, step, version, why } }];
  });
}

function migrationsDown(record: TransitionRecord): OwnEvent[] {
  return eventsOf(record).flatMap((event) => {
    if (event.kind !== "migratedDown") return [];
    const { transition, begun, at, version, binary, from, to } = event;
    return [{ transition, event: { kind: "migrate-down", at: begun, ended: at, version, binary, from, to } }];
  });
}

function changes(deploys: readonly OwnDeploy[], record: TransitionRecord): OwnEvent[] {
  return [
    ...record.snapshots.map(
      ({ transition, at, id, version, schemaVersion, bytes, maintenance }): OwnEvent => ({
        transition,
        event: { kind: "snapshot", at, id, version, schemaVersion, bytes, maintenance },
      }),
    ),
    ...record.restores.map(({ transition, at, stoppedAt, snapshot, kept }): OwnEvent => ({
      transition,
      event: { kind: "restore", at: stoppedAt ?? at, ended: at, snapshot, kept },
    })),
    ...record.dataMigrations.map(({ version, lineage, at }): OwnEvent => ({
      transition: transitionAt(record, lineage, at),
      event: { kind: "data-migration", at, version, since: verifiedBefore(deploys, version, at) },
    })),
  ];
}

/** Returns the transition of a lineage that was being carried out at a moment. */
function transitionAt({ attempts, events }: TransitionRecord, lineage: number, at: string): number | null {
  const begun = eventsOf({ events }).filter((event) => event.kind === "begun");
  const signs = [...attempts, ...begun]
    .filter((sign) => sign.lineage === lineage && sign.at <= at)
    .map(({ transition }) => transition);
  return signs.length === 0 ? null : Math.max(...signs);
}

function verifiedBefore(deploys: readonly OwnDeploy[], version: string, at: string): string | null {
  const deploy = deploys.findLast(
    ({ event }) => event.version === version && event.result === "verified" && (event.ended ?? "") <= at,
  );
  return deploy?.event.ended ?? null;
}
