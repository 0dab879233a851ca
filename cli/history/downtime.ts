import type { HistoryEvent } from "./events";
import { timeOf } from "./events";

/** A time in which users may have been refused; `to` is `null` if it has not ended. */
export interface Downtime {
  readonly from: string;
  readonly to: string | null;
}

/**
 * Returns when users may have been refused: from the beginning of a deploy with maintenance on, or of a restore, until
 * a deploy with maintenance off is verified. `events` are those of all transitions, in order.
 */
export function downtimes(events: readonly HistoryEvent[]): Downtime[] {
  const found: Downtime[] = [];
  let from: string | null = null;
  for (const event of events) {
    if (event.kind === "restore" || (event.kind === "deploy" && event.maintenance)) {
      from ??= event.at;
    } else if (event.kind === "deploy" && event.result === "verified" && from !== null) {
      found.push({ from, to: event.ended });
      from = null;
    }
  }
  return from === null ? found : [...found, { from, to: null }];
}

/** Returns the downtimes that began in a span of time. */
export function begunIn(all: readonly Downtime[], began: string, ended: string): Downtime[] {
  return all.filter(
    ({ from }) => timeOf({ at: from }) >= Date.parse(began) && timeOf({ at: from }) <= Date.parse(ended),
  );
}
