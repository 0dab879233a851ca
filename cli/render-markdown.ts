import { planHash } from "../components/bsr-release/plan/hash";
import type { Release } from "../components/migrations/facts";
import { describeSteps, releasesOnTheWay, type Plan, type Refused } from "../components/migrations/planner";
import { inMarkdown, linkInMarkdown } from "./escape";
import {
  approvalOf,
  assumptions,
  bindingCommand,
  canBeBound,
  costRows,
  endOf,
  headline,
  nothingToBind,
  type Shown,
  titled,
  type StackNotes,
} from "./plan-words";
import { mermaidOf } from "./render-mermaid";

/** Renders the outcome as Markdown for a pull request. The same input gives the same text. */
export function markdownOf(shown: Shown): string {
  const { outcome } = shown;
  const blocks = outcome.outcome === "plan" ? planBlocks(shown, outcome) : refusedBlocks(shown, outcome);
  return `${blocks.filter((block) => block !== "").join("\n\n")}\n`;
}

function planBlocks(shown: Shown, plan: Plan): string[] {
  const { facts, position, stack } = shown;
  const steps = describeSteps(facts, position, plan).map(({ action, version, schemaVersion }, index) => [
    String(index + 1),
    action,
    version ?? "none",
    String(schemaVersion ?? "unknown"),
  ]);
  const isEmpty = plan.steps.length === 0;
  return [
    `### ${inMarkdown(titled(stack?.name, headline(plan)))}`,
    assumedBlock(stack),
    table(["costs", ""], costRows(shown, plan)),
    table(["step", "action", "version after it", "schema version after it"], steps),
    isEmpty ? "" : `\`\`\`mermaid\n${mermaidOf(shown, plan)}\n\`\`\``,
    `Afterwards, ${endOf(plan)}`,
    list(
      "Warnings",
      plan.warnings.map(({ code, message }) => `- \`${code}\`: ${inMarkdown(message)}`),
    ),
    list("Release notes", releaseNotes(releasesOnTheWay(facts, plan))),
    canBeBound(plan) ? approvalBlock(plan, stack) : "",
  ];
}

function refusedBlocks({ stack }: Shown, { refusals }: Refused): string[] {
  return [
    `### ${inMarkdown(titled(stack?.name, "Refused"))}`,
    assumedBlock(stack),
    table(
      ["code", "found", "wanted", "remedy"],
      refusals.map(({ code, found, wanted, remedy }) => [`\`${code}\``, found, wanted, remedy]),
    ),
  ];
}

function assumedBlock(stack: StackNotes | undefined): string {
  if (stack === undefined) return "";
  const { head, lines } = assumptions(stack);
  return `> **${head}.** ${lines.map(inMarkdown).join(" ")}`;
}

/** Lists where to find the notes of all releases on the path, and what an operator should know of some. */
function releaseNotes(releases: readonly Release[]): string[] {
  const sources = [...new Set(releases.map(({ source }) => source))];
  return [
    ...sources.map((source) => {
      const versions = releases.filter((release) => release.source === source).map(({ version }) => version);
      const notes =
        source === null
          ? "the address of the release notes is not known"
          : linkInMarkdown("release notes", source);
      return `- ${versions.join(", ")}: ${notes}`;
    }),
    ...releases.flatMap(({ version, notes }) => notes.map((note) => `- ${version}: ${inMarkdown(note)}`)),
  ];
}

function approvalBlock(plan: Plan, stack: StackNotes | undefined): string {
  const hash = planHash(plan);
  const command = bindingCommand(hash, stack);
  const approval = stack === undefined ? "" : approvalOf(stack);
  return [
    `**Plan** \`${hash}\``,
    ...(approval === "" ? [] : [inMarkdown(approval)]),
    command === null
      ? nothingToBind
      : `To bind \`pulumi up\` to this plan, so that it refuses any other:\n\n\`\`\`sh\n${command}\n\`\`\``,
  ].join("\n\n");
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  if (rows.length === 0) return "";
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  return [line(head), line(head.map(() => "---")), ...rows.map((cells) => line(cells.map(cell)))].join("\n");
}

/** Keeps code as code and escapes everything else. */
function cell(text: string): string {
  return /^`[a-z-]+`$/.test(text) ? text : inMarkdown(text);
}

function list(title: string, lines: readonly string[]): string {
  return lines.length === 0 ? "" : `**${title}**\n\n${lines.join("\n")}`;
}
