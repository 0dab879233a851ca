import { liveRevision } from "../../components/migrations/cluster/helm/history";
import { attemptsKept, isVerified } from "../../components/migrations/cluster/record/record";
import type { Asked } from "../instance/options";
import type { Known } from "../instance/read";
import { deploysOf } from "./deploys";
import { inOrder, type HistoryEvent } from "./events";
import { ownEvents } from "./own-events";
import { freeRevisions, originsOf } from "./revisions";
import { transitionsOf, type Transition } from "./transitions";

/** What happened to an instance. This is what `bsr history --json` prints; docs/cli.md describes it. */
export interface History {
  readonly namespace: string;
  readonly release: string;
  readonly database: string | null;
  /** Whether the cluster has a record of this database. */
  readonly recorded: boolean;
  /** Whether the record is full: older transitions are then no longer on it. */
  readonly forgotten: boolean;
  /** What Helm deployed last. */
  readonly live: Live | null;
  /** Oldest first. */
  readonly transitions: readonly Transition[];
  /** What happened outside any transition, oldest first. */
  readonly others: readonly HistoryEvent[];
}

export interface Live {
  readonly version: string;
  readonly revision: number;
  readonly verified: boolean;
}

/** Builds the history of an instance from what Helm and the record show at one moment. */
export function historyOf({ namespace, release }: Asked, known: Known, at: Date): History {
  const { history, record, database, holding } = known;
  const live = liveRevision(history);
  const origins = originsOf(history, record);
  const deploys = deploysOf(record, origins);
  const own = ownEvents(deploys, record);
  const onRecord = new Set((record?.attempts ?? []).map(({ transition }) => transition));
  const free = freeRevisions(origins, onRecord);
  const isAtWork = holding !== null && holding.runsOut > at;
  const transitions = transitionsOf(own, free, deploys, record, isAtWork);
  const inside = new Set(transitions.flatMap(({ events }) => events));
  return {
    namespace,
    release,
    database,
    recorded: record !== null,
    forgotten: (record?.attempts.length ?? 0) >= attemptsKept,
    live:
      live === undefined
        ? null
        : { version: live.version, revision: live.revision, verified: isVerified(record, live) },
    transitions,
    others: inOrder([...own.map(({ event }) => event), ...free].filter((event) => !inside.has(event))),
  };
}
