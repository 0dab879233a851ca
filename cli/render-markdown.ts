import { describeSteps, notesOnTheWay, type Plan, type Refused } from "../components/migrations/planner";
import { endOf, headline, type Shown } from "./plan-words";

/** The outcome as Markdown for a pull request. The same input gives the same text. */
export function markdownOf(shown: Shown): string {
  const { outcome } = shown;
  const blocks = outcome.outcome === "plan" ? planBlocks(shown, outcome) : refusedBlocks(outcome);
  return `${blocks.filter((block) => block !== "").join("\n\n")}\n`;
}

function planBlocks({ facts, position }: Shown, plan: Plan): string[] {
  const steps = describeSteps(facts, position, plan).map(({ action, version, schemaVersion }, index) => [
    String(index + 1),
    action,
    version ?? "none",
    String(schemaVersion ?? "unknown"),
  ]);
  const notes = notesOnTheWay(facts, plan).flatMap(({ version, notes: texts }) =>
    texts.map((text) => `- ${version}: ${text}`),
  );
  return [
    `### ${headline(plan)}`,
    table(["step", "action", "version after it", "schema version after it"], steps),
    `Afterwards, ${endOf(plan)}`,
    list(
      "Warnings",
      plan.warnings.map(({ code, message }) => `- \`${code}\`: ${message}`),
    ),
    list("Good to know", notes),
  ];
}

function refusedBlocks({ refusals }: Refused): string[] {
  return [
    "### Refused",
    table(
      ["code", "found", "wanted", "remedy"],
      refusals.map(({ code, found, wanted, remedy }) => [`\`${code}\``, found, wanted, remedy]),
    ),
  ];
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  if (rows.length === 0) return "";
  return [head, head.map(() => "---"), ...rows]
    .map((cells) => `| ${cells.map(escaped).join(" | ")} |`)
    .join("\n");
}

function list(title: string, lines: readonly string[]): string {
  return lines.length === 0 ? "" : `**${title}**\n\n${lines.join("\n")}`;
}

/** A cell ends at a bar and at the end of the line. */
function escaped(cell: string): string {
  return cell.replaceAll("|", "\\|").replaceAll(/\s*\n\s*/g, " ");
}
