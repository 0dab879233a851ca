import type { Attempt, TransitionRecord } from "../../components/migrations/cluster/record/record";
import { eventsOf, type RecordEvent } from "../../components/migrations/cluster/record/events";
import type { OwnDeploy } from "./deploys";
import { endOf, inOrder, timeOf, type HistoryEvent } from "./events";
import { begunIn, downtimes, type Downtime } from "./downtime";
import type { OwnEvent } from "./own-events";

/** One plan that was carried out, wholly or in part. */
export interface Transition {
  readonly number: number;
  /** Shared by transitions to the same target; `null` if it is not on record. */
  readonly lineage: number | null;
  readonly stack: string | null;
  /** `null`: nothing was deployed; absent if it is not on record. */
  readonly from?: string | null;
  /** The version at which it was to end; `null` if it is not on record. */
  readonly to: string | null;
  /** `unfinished`: it has not ended, no failure is on record, and no run is at work. */
  readonly state: "done" | "failed" | "under-way" | "unfinished";
  readonly began: string | null;
  /** When it was done, or else the last moment that is known. */
  readonly ended: string | null;
  /** The next transition to the same target, if this one is not done. */
  readonly takenUpBy: number | null;
  /** The previous transition to the same target, if that one was not done. */
  readonly takesUp: number | null;
  /** Whether the release had been uninstalled before, so that Helm's revisions count from 1 again. */
  readonly anew: boolean;
  readonly downtime: readonly Downtime[];
  /** Oldest first, including what was done by hand meanwhile. */
  readonly events: readonly HistoryEvent[];
}

/** A transition before it is compared with the others. */
type Draft = Omit<Transition, "takenUpBy" | "takesUp" | "downtime">;

/** Returns all known transitions, oldest first. */
export function transitionsOf(
  own: readonly OwnEvent[],
  free: readonly HistoryEvent[],
  deploys: readonly OwnDeploy[],
  record: TransitionRecord | null,
  isAtWork: boolean,
): Transition[] {
  return withRest(draftsOf(own, deploys, record), free, isAtWork);
}

function draftsOf(
  own: readonly OwnEvent[],
  deploys: readonly OwnDeploy[],
  record: TransitionRecord | null,
): Draft[] {
  const recorded = record === null ? [] : eventsOf(record);
  const begun = recorded.filter(({ kind }) => kind === "begun").map(({ transition }) => transition);
  const numbers = new Set([...own.flatMap(({ transition }) => transition ?? []), ...begun]);
  return [...numbers]
    .map((number) =>
      draftOf(
        number,
        own.filter(({ transition }) => transition === number).map(({ event }) => event),
        recorded.filter(({ transition }) => transition === number),
        deploys,
      ),
    )
    .sort(
      (one, other) => timeOf({ at: one.began }) - timeOf({ at: other.began }) || one.number - other.number,
    );
}

function draftOf(
  number: number,
  own: readonly HistoryEvent[],
  recorded: readonly RecordEvent[],
  deploys: readonly OwnDeploy[],
): Draft {
  const begun = recorded.find((event) => event.kind === "begun");
  const done = recorded.find((event) => event.kind === "done");
  // A failure after the transition was done belongs to a change of values.
  const events = inOrder(own.filter((event) => done === undefined || timeOf(event) <= Date.parse(done.at)));
  const attempts = deploys.flatMap(({ transition, attempt }) =>
    transition === number ? (attempt ?? []) : [],
  );
  const [first] = attempts;
  const from = begun?.from ?? first?.from;
  const last = events.at(-1);
  return {
    number,
    lineage: begun?.lineage ?? first?.lineage ?? null,
    stack: begun?.stack ?? first?.stack ?? null,
    ...(begun === undefined && from === undefined ? {} : { from: from ?? null }),
    to: begun?.to ?? null,
    state: done !== undefined || (begun === undefined && isReached(events)) ? "done" : stateOf(last),
    began: begun?.at ?? events[0]?.at ?? null,
    ended: done?.at ?? (last === undefined ? null : endOf(last)),
    anew: first !== undefined && isAnew(first, deploys),
    events,
  };
}

/**
 * Whether a transition whose end is not on record counts as done: its last deploy serves, and nothing failed after it.
 */
function isReached(events: readonly HistoryEvent[]): boolean {
  const last = events.findLast(({ kind }) => kind === "deploy" || kind === "failure");
  return last?.kind === "deploy" && last.result === "verified" && !last.maintenance;
}

function stateOf(last: HistoryEvent | undefined): Transition["state"] {
  const hasFailed = last?.kind === "failure" || (last?.kind === "deploy" && last.result === "failed");
  return hasFailed ? "failed" : "unfinished";
}

/** Whether nothing was deployed when it began, although something had been before. */
function isAnew(first: Attempt, deploys: readonly OwnDeploy[]): boolean {
  const earlier = deploys.filter(({ event }) => event.at < first.at);
  return first.from === null && earlier.some(({ event }) => event.result === "verified");
}

/** Completes each transition with what only the other transitions and the rest of the history show. */
function withRest(drafts: readonly Draft[], free: readonly HistoryEvent[], isAtWork: boolean): Transition[] {
  const all = downtimes(inOrder(drafts.flatMap(({ events }) => events)));
  return drafts.map((draft, index) => {
    const { state, began, ended, lineage, events } = draft;
    const later = drafts.slice(index + 1);
    const before = drafts.slice(0, index).findLast((other) => lineage !== null && other.lineage === lineage);
    const isDuring = (event: HistoryEvent) =>
      event.kind === "by-hand" &&
      began !== null &&
      timeOf(event) > Date.parse(began) &&
      timeOf(event) < Date.parse(ended ?? began);
    return {
      ...draft,
      state: state === "unfinished" && later.length === 0 && isAtWork ? "under-way" : state,
      takenUpBy:
        state === "done" || lineage === null
          ? null
          : (later.find((other) => other.lineage === lineage)?.number ?? null),
      takesUp: before === undefined || before.state === "done" ? null : before.number,
      downtime: began === null ? [] : begunIn(all, began, ended ?? began),
      events: inOrder([...events, ...free.filter(isDuring)]),
    };
  });
}
