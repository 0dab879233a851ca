import type { Release } from "../../components/migrations/facts";
import type { Check } from "./check";

const head = ["version", "released", "schema version", "minimum CLI", "notes"] as const;

/** Renders the known releases for a terminal, one a line; further notes have lines of their own. */
export function tableOf(releases: readonly Release[]): string {
  const rows = releases.flatMap(({ version, released, databaseVersion, minimumCliVersion, notes }) => [
    [
      version,
      released ?? "unknown",
      String(databaseVersion ?? "unknown"),
      minimumCliVersion ?? "none given",
      notes[0] ?? "",
    ],
    ...notes.slice(1).map((note) => ["", "", "", "", note]),
  ]);
  const widths = head.map((title, column) =>
    Math.max(title.length, ...rows.map((row) => row[column]?.length ?? 0)),
  );
  const line = (cells: readonly string[]) =>
    cells
      .map((cell, column) => (column === cells.length - 1 ? cell : cell.padEnd(widths[column] ?? 0)))
      .join("   ")
      .trimEnd();
  return `${[line(head), ...rows.map(line)].join("\n")}\n`;
}

/** Renders what a check found, with the records to paste. */
export function checkText({ chart, missing, absent, ignored }: Check): string {
  const blocks = [
    missing.length === 0 ? `The table has every release of ${chart}.` : recordsOf(chart, missing),
    absent.length === 0
      ? ""
      : `${chart} lacks ${count(absent, "release")} of the table, so no path over ${absent.length === 1 ? "it" : "them"} ` +
        `can be walked from there: ${absent.join(", ")}`,
    ignored.length === 0
      ? ""
      : `Ignored, because ${ignored.length === 1 ? "it is not an exact version" : "they are not exact versions"}: ` +
        `${count(ignored, "tag")} (${ignored.join(", ")})`,
  ];
  return `${blocks.filter((block) => block !== "").join("\n\n")}\n`;
}

function recordsOf(chart: string, versions: readonly string[]): string {
  return [
    `${chart} has ${count(versions, "release")} that the table lacks. For the stack's file, under config:`,
    "",
    "  bsr:releases:",
    ...versions.map((version) => `    - version: ${version}`),
    "",
    "Read the release notes first. They give what else a record can have: databaseVersion (the schema version, without",
    "which no way down to that release can be planned; it is learned once the release runs), released, minimumCliVersion",
    "and notes.",
  ].join("\n");
}

function count({ length }: readonly string[], noun: string): string {
  return `${length} ${noun}${length === 1 ? "" : "s"}`;
}
