import { describeSteps, notesOnTheWay, type Plan, type Refused } from "../components/migrations/planner";
import { endOf, headline, optionFor, type Shown } from "./plan-words";

/** The outcome for a person at a terminal. */
export function textOf(shown: Shown): string {
  const { outcome } = shown;
  const lines = outcome.outcome === "plan" ? planLines(shown, outcome) : refusedLines(outcome);
  return `${lines.join("\n")}\n`;
}

function planLines({ facts, position }: Shown, plan: Plan): string[] {
  const steps = describeSteps(facts, position, plan);
  const width = Math.max(...steps.map(({ action }) => action.length));
  return [
    headline(plan),
    ...section(
      "Steps",
      steps.map(
        ({ action, schemaVersion }, index) =>
          `${String(index + 1).padStart(3)}. ${action.padEnd(width)}   schema version ${schemaVersion ?? "unknown"}`,
      ),
    ),
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
  ];
}

function refusedLines({ refusals }: Refused): string[] {
  return [
    refusals.length === 1 ? "Refused." : `Refused, for ${refusals.length} reasons.`,
    ...refusals.flatMap(({ code, found, wanted, remedy }) => [
      "",
      code,
      `  found:  ${found}`,
      `  wanted: ${wanted}`,
      `  remedy: ${remedy}`,
      ...(optionFor[code] === undefined ? [] : [`  here:   ${optionFor[code]}`]),
    ]),
  ];
}

function section(title: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : ["", `${title}:`, ...lines];
}
