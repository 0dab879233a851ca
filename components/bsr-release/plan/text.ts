import { deployCount } from "../../migrations/deploy-count";
import type { Facts } from "../../migrations/facts";
import { deployed, describeSteps, notesOnTheWay, type Plan } from "../../migrations/planner";
import type { LedgerPlan, LedgerPosition } from "../ledger/state";

/** Returns a plan as lines for a person: the stack's output `plan`. */
export function planLines(facts: Facts, plan: LedgerPlan, position: LedgerPosition): string[] {
  return [...wayLines(facts, plan, position), ...warningLines(plan)];
}

/** Returns everything that a reviewer needs to know of a plan before it is carried out; a preview prints it. */
export function planReport(facts: Facts, plan: LedgerPlan, position: LedgerPosition): string[] {
  return [
    ...wayLines(facts, plan, position),
    ...(plan.duration === undefined ? [] : [`duration: ${plan.duration}`]),
    ...notes(facts, plan),
    ...warningLines(plan),
    ...(plan.forgets === undefined
      ? []
      : [
          `rows to delete: records of the steps of transition ${plan.forgets}, which is over; deleting them runs and undoes nothing`,
        ]),
  ];
}

function wayLines(facts: Facts, plan: LedgerPlan, position: LedgerPosition): string[] {
  return [
    `${plan.from ?? "nothing deployed"} to ${plan.to} (${plan.direction}), plan ${plan.hash}`,
    ...steps(facts, plan, position).map(({ action, schemaVersion }, index) => {
      // The text of a restore names its schema version itself.
      const isNamed = plan.steps[index]?.kind === "restore";
      const schema = schemaVersion === null || isNamed ? "" : ` (schema version ${schemaVersion})`;
      return `${index + 1}. ${action}${schema}`;
    }),
    ...(plan.steps.length === 0 ? ["nothing to do"] : []),
    ...laterLines(plan),
    ...costLines(facts, plan, position),
  ];
}

/** Says what `deploysPerRun` leaves for later runs. */
function laterLines({ to, later = [] }: LedgerPlan): string[] {
  const versions = deployed(later);
  const target = versions.at(-1);
  if (target === undefined) return [];
  return [
    `this run ends at ${to}, verified (deploysPerRun); ${deployCount(versions.length)} more to ${target}: run pulumi up again for the next of them`,
  ];
}

function costLines(facts: Facts, plan: LedgerPlan, position: LedgerPosition): string[] {
  const { downtime, loss } = costsOf(facts, plan, position);
  return [`downtime: ${downtime}`, `loss of data: ${loss}`];
}

/** The parts of a plan, and of the position that it is made from, on which its costs depend. */
type Costly = Pick<Plan, "direction" | "steps" | "to" | "mayLoseData">;
interface From {
  readonly deployedVersion?: string | null | undefined;
  readonly schemaOwner?: string | null | undefined;
  readonly maintenance?: boolean | undefined;
  readonly stopped?: boolean | undefined;
}

/** Says from when to when nobody is served, and which data is lost; each is `none` if there is none. */
export function costsOf(facts: Facts, plan: Costly, position: From): { downtime: string; loss: string } {
  if (plan.direction === "restore")
    return {
      downtime: "until the restored database serves",
      loss: "what was written since the snapshot is only in the previous database, which is kept",
    };
  return { downtime: downtime(plan, position), loss: loss(facts, plan, position) };
}

/** Says what migrations down undo, with their numbers if these are known. */
function loss(facts: Facts, plan: Costly, position: From): string {
  if (!plan.mayLoseData) return "none";
  const described = steps(facts, plan, position);
  const spans = plan.steps.flatMap((step, index) => {
    if (step.kind !== "migrateDown") return [];
    const before = described[index - 1]?.schemaVersion ?? null;
    if (before === null) return [`${step.binary} brought`];
    const first = step.schemaVersion + 1;
    if (before < first) return [];
    return [
      `migration${before === first ? ` ${first}` : `s ${first} to ${before}`} of ${step.binary} brought`,
    ];
  });
  if (spans.length === 0) return "none, as the schema version stays";
  return `what is stored in the tables and columns that ${spans.join(", and ")}; an upgrade brings them back empty`;
}

/** Says from which step to which nobody is served. */
function downtime({ steps, to }: Costly, { maintenance, stopped }: From): string {
  const spans: string[] = [];
  let begun = maintenance === true ? "now, as maintenance is on," : undefined;
  if (stopped === true) begun = "now, as a restore has stopped the pods,";
  steps.forEach((step, index) => {
    if (step.kind !== "deploy") return;
    const text = `step ${index + 1} (${step.version})`;
    if (step.maintenance) begun ??= `from step ${index + 1} (${step.version} with maintenance on)`;
    else if (begun !== undefined) {
      spans.push(`${begun} until ${text} is verified`);
      begun = undefined;
    }
  });
  if (begun !== undefined) spans.push(`${begun} until ${to} is deployed with maintenance off`);
  return spans.length === 0 ? "none" : spans.join(", and ");
}

function warningLines({ warnings, assumed }: LedgerPlan): string[] {
  return [
    ...warnings.map((warning) => `warning: ${warning}`),
    ...(assumed === undefined ? [] : [`assumed: ${assumed}`]),
  ];
}

/** Returns the text of each step with its place in the plan: `deploy 1.5.1 (step 2 of 4)`. */
export function stepTexts(facts: Facts, plan: LedgerPlan, position: LedgerPosition): string[] {
  return steps(facts, plan, position).map(
    ({ action }, index) => `${action} (step ${index + 1} of ${plan.steps.length})`,
  );
}

function notes(facts: Facts, plan: LedgerPlan): string[] {
  return notesOnTheWay(facts, { ...plan, from: plan.from ?? null }).flatMap(({ version, notes: texts }) =>
    texts.map((text) => `note: ${version}: ${text}`),
  );
}

function steps(facts: Facts, plan: Pick<Plan, "steps">, position: From) {
  const { deployedVersion = null, schemaOwner = null } = position;
  return describeSteps(facts, { deployedVersion, schemaOwner }, plan);
}
