import { duration } from "../../components/migrations/steps/duration";
import type { DeployEvent, FailureEvent, HistoryEvent } from "./events";
import type { Transition } from "./transitions";

/** Writes a length of time in words; in days if there would be too many hours. */
export function timeBetween(from: string, to: string): string {
  const milliseconds = Math.max(0, Date.parse(to) - Date.parse(from));
  const hours = Math.floor(milliseconds / 3_600_000);
  return hours < 48 ? duration(milliseconds) : `${Math.floor(hours / 24)} d ${hours % 24} h`;
}

/** Says from where to where a transition went, or was to go. */
export function wayOf({ from, to, events }: Pick<Transition, "from" | "to" | "events">): string {
  const last = events.findLast((event): event is DeployEvent => event.kind === "deploy");
  const end = to ?? last?.version ?? "an unknown version";
  if (from === undefined) return `to ${end}`;
  if (from === null) return `installation of ${end}`;
  return from === end ? `${end} once more` : `${from} to ${end}`;
}

/** Says in few words what an event did. */
export function whatOf(event: HistoryEvent): string {
  switch (event.kind) {
    case "deploy":
      return `deploy ${event.version}${event.maintenance ? " with maintenance on" : ""}`;
    case "snapshot":
      return `snapshot at ${event.version}`;
    case "data-migration":
      return `data migration of ${event.version}`;
    case "migrate-down":
      return `migrate the database down to ${event.to}`;
    case "restore":
      return `restore the snapshot ${event.snapshot}`;
    case "failure":
      return stepOf(event);
    case "by-hand":
      return `${event.version}${event.maintenance ? " with maintenance on" : ""} at revision ${event.revision}`;
    case "values":
      return `${event.version} with other values at revision ${event.revision}`;
  }
}

/** Names a step that failed, by its kind in the step program. */
function stepOf({ step, version }: FailureEvent): string {
  const words: Readonly<Record<string, string>> = {
    awaitDataMigration: `wait for the data migration of ${version}`,
    snapshot: `snapshot at ${version}`,
    restore: `restore a snapshot of ${version}`,
    verify: `verify ${version}`,
    migrateDown: `migrate the database down to the minor of ${version}`,
  };
  return words[step] ?? `deploy ${version}`;
}
