import { connect } from "../../components/migrations/cluster/connection";
import { connectionOf } from "../instance/options";
import { fromCluster, readInstance } from "../instance/read";
import { Unreadable } from "../unreadable";
import type { HistoryOptions } from "./command";
import { historyOf, type History } from "./history";

export { mermaidOf } from "./render-mermaid";
export { textOf } from "./render-text";

/** Reads an instance's history: all of it, or one transition. */
export async function readHistory(options: HistoryOptions): Promise<History> {
  const { namespace, release } = options;
  const asked = { namespace, release };
  const needed = { what: "the history", permissions: "secrets, configmaps and leases" };
  const known = await fromCluster(options, needed, () => readInstance(connect(connectionOf(options)), asked));
  const { databases, history, record } = known;
  if (history.length === 0 && record === null) throw nothingKnown(asked, databases);
  return only(historyOf(asked, known, new Date()), options.transition);
}

function nothingKnown(
  { namespace, release }: { readonly namespace: string; readonly release: string },
  databases: readonly string[],
): Unreadable {
  const records =
    databases.length === 0
      ? "no record is left"
      : `the records of ${databases.length} databases are left (${databases.join(", ")}): none is guessed`;
  return new Unreadable(
    `release ${release} in namespace ${namespace} has no history`,
    `Helm knows no revision of it, and ${records}`,
    "an instance that was deployed",
    "check --namespace, --release and --context",
  );
}

/** Keeps one transition, if a number is given. Events outside any transition are shown only with all of them. */
export function only(history: History, number: number | undefined): History {
  if (number === undefined) return history;
  const transitions = history.transitions.filter((transition) => transition.number === number);
  if (transitions.length > 0) return { ...history, transitions, others: [] };
  const numbers = history.transitions.map((transition) => transition.number);
  throw new Unreadable(
    `nothing is known of transition ${number}`,
    numbers.length === 0 ? "no transition" : `the transitions ${numbers.join(", ")}`,
    "one of those that are still on record",
    "leave out --transition to see all of them",
  );
}
