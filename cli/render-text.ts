import { describeSteps, notesOnTheWay, type Plan, type Refused } from "../components/migrations/planner";
import { planHash } from "../components/bsr-release/plan/hash";
import {
  approvalOf,
  assumptions,
  bindingCommand,
  canBeBound,
  costRows,
  endOf,
  headline,
  nothingToBind,
  optionFor,
  type Shown,
  titled,
  type StackNotes,
} from "./plan-words";

/** Renders the outcome for a terminal. */
export function textOf(shown: Shown): string {
  const { outcome } = shown;
  const lines = outcome.outcome === "plan" ? planLines(shown, outcome) : refusedLines(shown, outcome);
  return `${lines.join("\n")}\n`;
}

function planLines(shown: Shown, plan: Plan): string[] {
  const { facts, position, stack } = shown;
  const steps = describeSteps(facts, position, plan);
  const width = Math.max(...steps.map(({ action }) => action.length));
  return [
    titled(stack?.name, headline(plan)),
    ...assumedLines(stack),
    ...section(
      "Steps",
      steps.map(
        ({ action, schemaVersion }, index) =>
          `${String(index + 1).padStart(3)}. ${action.padEnd(width)}   schema version ${schemaVersion ?? "unknown"}`,
      ),
    ),
    ...costLines(shown, plan),
    ...section("Afterwards", [`  ${endOf(plan)}`]),
    ...section(
      "Warnings",
      plan.warnings.map(({ code, message }) => `  ${code}: ${message}`),
    ),
    ...section(
      "Good to know",
      notesOnTheWay(facts, plan).flatMap(({ version, notes }) =>
        notes.map((note) => `  ${version}: ${note}`),
      ),
    ),
    ...(canBeBound(plan) ? hashLines(plan, stack) : []),
  ];
}

function assumedLines(stack: StackNotes | undefined): string[] {
  if (stack === undefined) return [];
  const { head, lines } = assumptions(stack);
  return section(
    head,
    lines.map((line) => `  ${line}`),
  );
}

function costLines(shown: Shown, plan: Plan): string[] {
  return section(
    "Costs",
    costRows(shown, plan).map(([what, cost]) => `  ${what.padEnd(12)}   ${cost}`),
  );
}

function hashLines(plan: Plan, stack: StackNotes | undefined): string[] {
  const hash = planHash(plan);
  const command = bindingCommand(hash, stack);
  const approval = stack === undefined ? "" : approvalOf(stack);
  return section(`Plan ${hash}`, [
    ...(approval === "" ? [] : [`  ${approval}`]),
    `  ${command === null ? nothingToBind : `${command}   binds pulumi up to it`}`,
  ]);
}

function refusedLines({ stack }: Shown, { refusals }: Refused): string[] {
  return [
    titled(stack?.name, refusals.length === 1 ? "Refused." : `Refused, for ${refusals.length} reasons.`),
    ...assumedLines(stack),
    ...refusals.flatMap(({ code, found, wanted, remedy }) => [
      "",
      code,
      `  found:  ${found}`,
      `  wanted: ${wanted}`,
      `  remedy: ${remedy}`,
      // With a stack, the keys that the remedy names can be set; without one, name the option.
      ...(stack !== undefined || optionFor[code] === undefined ? [] : [`  here:   ${optionFor[code]}`]),
    ]),
  ];
}

function section(title: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : ["", `${title}:`, ...lines];
}
