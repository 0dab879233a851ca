import { statusPage } from "../../components/migrations/facts";
import { moment } from "../moment";
import type { Downtime } from "./downtime";
import type { HistoryEvent, SchemaAfter } from "./events";
import { timeOf } from "./events";
import type { History } from "./history";
import type { Transition } from "./transitions";
import { timeBetween, wayOf, whatOf } from "./words";

/** Renders an instance's history for a terminal, oldest first. Its last lines say where the instance stands now. */
export function textOf(history: History): string {
  const blocks = [
    [headline(history)],
    ...chapters(history),
    history.forgotten ? ["Older transitions are no longer on record."] : [],
    assumption(history),
    [now(history)],
  ];
  return `${blocks
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join("\n"))
    .join("\n\n")}\n`;
}

function headline({ namespace, release, database, recorded, transitions }: History): string {
  const count = transitions.length === 1 ? "1 transition" : `${transitions.length} transitions`;
  const record = recorded ? `, database ${database}` : "; there is no record, so this is what Helm shows";
  return `Release ${release} in namespace ${namespace}: ${count}${record}`;
}

/** Lists transitions and what happened between them, in the order in which they began. */
function chapters({ transitions, others }: History): string[][] {
  const blocks: { at: number; lines: string[] }[] = transitions.map((transition) => ({
    at: timeOf({ at: transition.began }),
    lines: transitionLines(transition),
  }));
  const between = new Map<number, HistoryEvent[]>();
  for (const event of others) {
    const before = blocks.filter(({ at }) => at <= timeOf(event)).length;
    between.set(before, [...(between.get(before) ?? []), event]);
  }
  return [...blocks.keys(), blocks.length].flatMap((index) => [
    ...(between.has(index) ? [["In no transition", ...(between.get(index) ?? []).map(eventLine)]] : []),
    ...(blocks[index] === undefined ? [] : [blocks[index].lines]),
  ]);
}

function transitionLines(transition: Transition): string[] {
  const { number, takesUp, stack, anew, events, downtime } = transition;
  const about = [
    ...(stack === null ? [] : [`stack ${stack}`]),
    ...(takesUp === null ? [] : [`goes on where transition ${takesUp} stopped`]),
    ...(anew ? ["the release had been uninstalled before"] : []),
    ...downtime.map(downtimeWords),
  ];
  return [
    `Transition ${number}: ${wayOf(transition)}, ${endWords(transition)}`,
    ...(about.length === 0 ? [] : [`  ${about.join("; ")}`]),
    ...events.map(eventLine),
  ];
}

function endWords({ state, began, ended, takenUpBy }: Transition): string {
  const time = began === null || ended === null ? "" : timeBetween(began, ended);
  const taken = takenUpBy === null ? "" : `; taken up by transition ${takenUpBy}`;
  switch (state) {
    case "done":
      return time === "" ? "done" : `done in ${time}`;
    case "failed":
      return `FAILED${time === "" ? "" : ` after ${time}`}${taken}`;
    case "under-way":
      return `under way${began === null ? "" : ` since ${moment(began)}`}`;
    case "unfinished":
      return `not finished${taken}`;
  }
}

function downtimeWords({ from, to }: Downtime): string {
  return to === null
    ? `users refused since ${moment(from)}`
    : `users refused for at most ${timeBetween(from, to)}, from ${moment(from)} to ${moment(to)}`;
}

const resultWidth = "by hand".length;

function eventLine(event: HistoryEvent): string {
  const time = event.at === null ? "time unknown        " : moment(event.at);
  const [first, ...more] = [[whatOf(event), ...details(event)].join(", "), ...reasons(event)];
  const indent = " ".repeat(time.length + resultWidth + 8);
  return [
    `  ${time}   ${resultOf(event).padEnd(resultWidth)}   ${first}`,
    ...more.map((line) => `${indent}${line}`),
  ].join("\n");
}

function resultOf(event: HistoryEvent): string {
  switch (event.kind) {
    case "deploy":
      return { verified: "ok", failed: "FAILED", open: "open" }[event.result];
    case "failure":
      return "FAILED";
    case "by-hand":
      return "by hand";
    case "values":
      return event.helm === "failed" ? "FAILED" : "values";
    default:
      return "ok";
  }
}

function details(event: HistoryEvent): string[] {
  switch (event.kind) {
    case "deploy": {
      const { at, ended, result, revision, helm, schemaVersion } = event;
      const time = ended === null ? "" : timeBetween(at, ended);
      return [
        `revision ${revision}`,
        ...(result === "verified" ? [`verified after ${time}`] : []),
        ...(result === "failed" && ended !== null ? [`after ${time}`] : []),
        ...(result === "open" ? [helm === null ? "begun" : `Helm says ${helm}`, "never verified"] : []),
        ...schemaWords(schemaVersion),
      ];
    }
    case "snapshot":
      return [
        `id ${event.id}`,
        ...(event.schemaVersion === null ? [] : [`schema version ${event.schemaVersion}`]),
        ...(event.bytes === null ? [] : [`${(event.bytes / 1_048_576).toFixed(1)} MB`]),
      ];
    case "data-migration":
      return [
        event.since === null
          ? "complete"
          : `complete ${timeBetween(event.since, event.at)} after its deploy was verified`,
      ];
    case "migrate-down":
      return [
        ...(event.from === null ? [] : [`from ${event.from}`]),
        `with the binary of ${event.binary}`,
        timeBetween(event.at, event.ended),
        `schema owner ${event.version}`,
      ];
    case "restore":
      return [
        ...(event.at === event.ended ? [] : [timeBetween(event.at, event.ended)]),
        `what was there before is kept as ${event.kept}`,
      ];
    case "by-hand":
      return [[`Helm says ${event.helm}`, event.description].filter((words) => words !== "").join(": ")];
    case "values":
      return [`Helm says ${event.helm}`];
    case "failure":
      return [];
  }
}

function schemaWords(schema: SchemaAfter | null): string[] {
  if (schema === null) return [];
  return [`schema version ${schema.number}${schema.source === "assumed" ? " (assumed)" : ""}`];
}

function reasons(event: HistoryEvent): string[] {
  const why = event.kind === "deploy" || event.kind === "failure" ? event.why : null;
  return why === null ? [] : why.split("\n");
}

function assumption({ transitions }: History): string[] {
  const isAssumed = transitions.some(({ events }) =>
    events.some((event) => event.kind === "deploy" && event.schemaVersion?.source === "assumed"),
  );
  return isAssumed
    ? [`(assumed): what the release brings; no status page shows it before ${statusPage.since}.`]
    : [];
}

function now({ namespace, release, live }: History): string {
  const stands =
    live === null
      ? "nothing is deployed"
      : `${live.version} at revision ${live.revision}, ${live.verified ? "verified" : "not verified"}`;
  const ask =
    live?.verified === true
      ? ""
      : `; npx --no bsr status --namespace ${namespace} --release ${release} says what to do`;
  return `Now: ${stands}${ask}`;
}
