import { describeSteps, type Plan, type Step } from "../components/migrations/planner";
import { inMermaid } from "./escape";
import type { Shown } from "./plan-words";

const shapes: Readonly<Record<Step["kind"], readonly [open: string, close: string]>> = {
  deploy: ["[", "]"],
  snapshot: ["[(", ")]"],
  restore: ["[(", ")]"],
  awaitDataMigration: ["{{", "}}"],
  migrateDown: ["[[", "]]"],
};

/** Renders the path as a Mermaid flowchart, which GitHub and GitLab draw: the steps between its two ends. */
export function mermaidOf({ facts, position }: Shown, plan: Plan): string {
  const described = describeSteps(facts, position, plan);
  const nodes = plan.steps.map((step, index) => {
    const { action = "", schemaVersion = null } = described[index] ?? {};
    const [open, close] = shapes[step.kind];
    // Mermaid would read a label that begins with "1." as a list.
    const lines = [
      `step ${index + 1}: ${action}`,
      ...(schemaVersion === null ? [] : [`schema version ${schemaVersion}`]),
    ];
    return `  s${index + 1}${open}${label(lines)}${close}`;
  });
  const ids = plan.steps.map((_, index) => `s${index + 1}`);
  const closed = closedSteps(plan, position.maintenance === true).map((index) => `s${index + 1}`);
  return [
    "flowchart TD",
    `  from([${label([plan.from ?? "nothing deployed"])}])`,
    ...nodes,
    `  to([${label([plan.to])}])`,
    `  ${["from", ...ids, "to"].join(" --> ")}`,
    ...(closed.length === 0
      ? []
      : ["  classDef closed stroke-dasharray: 5 3", `  class ${closed.join(",")} closed`]),
  ].join("\n");
}

function label(lines: readonly string[]): string {
  return `"${lines.map(inMermaid).join("<br/>")}"`;
}

/** Returns the steps during which nobody is served. */
function closedSteps({ steps, direction }: Plan, inMaintenance: boolean): number[] {
  let closed = inMaintenance || direction === "restore";
  return steps.flatMap((step, index) => {
    if (step.kind === "deploy" && step.maintenance) closed = true;
    const here = closed ? [index] : [];
    if (step.kind === "deploy" && !step.maintenance) closed = false;
    return here;
  });
}
