import { endOf, type HistoryEvent } from "./events";
import type { History } from "./history";
import type { Transition } from "./transitions";
import { timeBetween, wayOf, whatOf } from "./words";

/** A bar of the chart; one that ends where it begins becomes a milestone. */
interface Bar {
  readonly label: string;
  readonly tags: readonly ("done" | "crit" | "active")[];
  readonly from: string;
  readonly to: string;
}

const lanes = ["Deploys", "Database", "Users", "By hand"] as const;

const minute = 60_000;
const day = 86_400_000;

/**
 * Renders the newest transition as a Mermaid Gantt chart, which GitHub and GitLab draw. It shows what was done when,
 * with one lane each for deploys, the database, downtime for users, and changes by hand. The same history gives the
 * same text.
 */
export function mermaidOf({ namespace, release, transitions }: History): string {
  const transition = transitions.at(-1);
  if (transition === undefined)
    return gantt(`release ${release} in namespace ${namespace} - no transition`, [], 0);
  const began = Date.parse(transition.began ?? "");
  const span = Date.parse(transition.ended ?? "") - began || 0;
  const { number, state } = transition;
  const stands = state === "done" ? "" : ` - ${state.replace("-", " ")}`;
  const title = `release ${release} in namespace ${namespace} - transition ${number} - ${wayOf(transition)}${stands} - times in UTC`;
  return gantt(
    title,
    lanes.flatMap((lane) => laneLines(lane, barsOf(lane, transition))),
    span,
  );
}

function gantt(title: string, lines: readonly string[], span: number): string {
  return `${[
    "gantt",
    `  title ${escaped(title)}`,
    "  dateFormat YYYY-MM-DDTHH:mm:ss.SSS",
    `  axisFormat ${span > day ? "%m-%d %H:%M" : span > 10 * minute ? "%H:%M" : "%H:%M:%S"}`,
    ...lines,
  ].join("\n")}\n`;
}

function laneLines(lane: string, bars: readonly Bar[]): string[] {
  return bars.length === 0 ? [] : [`  section ${lane}`, ...bars.map((bar) => `    ${line(bar)}`)];
}

function line({ label, tags, from, to }: Bar): string {
  const isMark = Date.parse(from) >= Date.parse(to);
  const [start, end] = [from, to].map((at) => new Date(at).toISOString().replace("Z", ""));
  const fields = [...tags, ...(isMark ? ["milestone"] : []), start, isMark ? "0d" : end];
  return `${escaped(label)} :${fields.join(", ")}`;
}

function barsOf(lane: (typeof lanes)[number], { events, downtime, ended }: Transition): Bar[] {
  if (lane !== "Users")
    return events.filter((event) => laneOf(event) === lane).flatMap((event) => barOf(event));
  return downtime.map(({ from, to }) => ({
    label: to === null ? "refused, not ended" : `refused for at most ${timeBetween(from, to)}`,
    tags: ["crit", "active"],
    from,
    to: to ?? ended ?? from,
  }));
}

function laneOf(event: HistoryEvent): (typeof lanes)[number] {
  switch (event.kind) {
    case "deploy":
    case "values":
      return "Deploys";
    case "by-hand":
      return "By hand";
    case "failure":
      return ["deploy", "gate", "verify"].includes(event.step) ? "Deploys" : "Database";
    default:
      return "Database";
  }
}

function barOf(event: HistoryEvent): Bar[] {
  const from = event.kind === "data-migration" ? (event.since ?? event.at) : event.at;
  if (from === null) return [];
  const to = endOf(event) ?? from;
  const time = Date.parse(to) > Date.parse(from) ? ` - ${timeBetween(from, to)}` : "";
  const hasFailed = event.kind === "failure" || (event.kind === "deploy" && event.result === "failed");
  const isOpen = event.kind === "deploy" && event.result === "open";
  return [
    {
      label: `${whatOf(event)}${hasFailed ? " - failed" : isOpen ? " - not verified" : ""}${time}`,
      tags: hasFailed || event.kind === "by-hand" ? ["crit"] : isOpen ? ["active"] : ["done"],
      from,
      to,
    },
  ];
}

/**
 * Removes characters that Mermaid gives a meaning: a colon ends a label, a hash or a semicolon begins something else.
 */
function escaped(text: string): string {
  return text.replace(/[^\w .,+()/=-]+/g, " ").trim();
}
