/**
 * Turns what `make bench` has printed into Markdown:
 *   make bench > bench.jsonl
 *   node -r ts-node/register/transpile-only bench/table.ts < bench.jsonl
 */
import { text } from "node:stream/consumers";
import type { Line } from "./line";
import { surroundingsName } from "./surroundings";

/** The lines as a table, and above it what they were measured with and on. */
export function tableOf(lines: string): string {
  const measured = lines
    .split("\n")
    .filter((line) => line.startsWith("{"))
    .map((line) => JSON.parse(line) as Line);
  const rows = measured.filter(({ bench }) => bench !== surroundingsName).map(rowOf);
  return [
    ...measured.filter(({ bench }) => bench === surroundingsName).flatMap((line) => [withAndOn(line), ""]),
    "| what | measured | goal | met |",
    "| --- | --- | --- | --- |",
    ...rows.map((cells) => `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`),
    "",
  ].join("\n");
}

function withAndOn({ plugins, pulumi, helm, node, cores, processor, memoryGb }: Line): string {
  return (
    `Measured with Pulumi ${pulumi}, ${plugins} plugins, Helm ${helm} and Node ${node}, ` +
    `on ${cores} cores (${processor}) and ${memoryGb} GB.`
  );
}

function rowOf({ bench, from, to, met, error, ...figures }: Line): string[] {
  const what = from === undefined || to === undefined ? bench : `${bench} (${from} to ${to})`;
  if (error !== undefined) return [what, `failed: ${error}`, "", "no"];
  return [what, resultOf(figures), goalOf(figures), met === undefined ? "" : met === true ? "yes" : "no"];
}

/** The ratio, which most goals are for, before the figures that it is made of. */
function resultOf(figures: Omit<Line, "bench">): string {
  const shown = Object.entries(figures).filter(([key]) => !/^(goal|runs$|min|max)|Max/.test(key));
  const ratioFirst = shown.sort(([one], [other]) => Number(other === "ratio") - Number(one === "ratio"));
  return ratioFirst.map(([key, value]) => `${nameOf(key)} ${valueOf(key, value)}`).join(", ");
}

function goalOf({ goal, goalMs, goalFailed, goalRequests }: Omit<Line, "bench">): string {
  if (goal !== undefined) return `at most ${goal}`;
  if (goalMs !== undefined) return `at most ${goalMs} ms`;
  if (goalFailed !== undefined) return `${goalFailed} failed of at least ${valueOf("", goalRequests)}`;
  return "";
}

/** `upSkipPreviewMs` as `up skip preview`, `of8Ms` as `of 8`. */
function nameOf(key: string): string {
  return key
    .replace(/(Ms|Mb)$/, "")
    .replace(/([a-z])([A-Z0-9])/g, "$1 $2")
    .replace(/\d$/, "$&:")
    .toLowerCase();
}

function valueOf(key: string, value: Line[string] | undefined): string {
  if (typeof value !== "number") return String(value);
  if (key.endsWith("Mb")) return `${value} MB`;
  if (!key.endsWith("Ms")) return value.toLocaleString("en");
  return value < 1000 ? `${value} ms` : `${(value / 1000).toFixed(1)} s`;
}

if (require.main === module) void text(process.stdin).then((lines) => process.stdout.write(tableOf(lines)));
