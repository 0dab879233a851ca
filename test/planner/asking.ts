import { builtInFacts, type Facts } from "../../components/migrations/facts";
import {
  makePlan,
  type Finished,
  type Outcome,
  type Plan,
  type Position,
  type Refusal,
  type Request,
  type Snapshot,
  type Step,
} from "../../components/migrations/planner";

/** A question to the planner in which a test names only what it is about. */
export interface Question {
  readonly from: string | null;
  readonly to: string;
  readonly owner?: string;
  readonly mark?: string;
  readonly unsettled?: boolean;
  readonly inMaintenance?: boolean;
  readonly strategy?: Request["strategy"];
  readonly downtime?: boolean;
  readonly acknowledge?: string;
  readonly noSnapshots?: boolean;
  readonly noLicense?: boolean;
  readonly given?: Request["given"];
  /** A snapshot; its owner is its version where none is named, and its mark is its owner. */
  readonly restore?: { version: string; schemaVersion: number; owner?: string; mark?: string };
  readonly finished?: Partial<Finished>;
  readonly facts?: Facts;
}

type Restored = NonNullable<Question["restore"]>;

export const licensed = [{ path: "license.key", versions: "*" }] as const;

export function ask(question: Question): Outcome {
  return makePlan(question.facts ?? builtInFacts, positionOf(question), requestOf(question), {
    dataMigrations: [],
    snapshot: null,
    ...question.finished,
  });
}

export function positionOf(question: Question): Position {
  return {
    deployedVersion: question.from,
    schemaOwner: question.owner ?? null,
    highWaterMark: question.mark ?? null,
    settled: question.unsettled !== true && question.inMaintenance !== true,
    ...(question.inMaintenance === undefined ? {} : { maintenance: question.inMaintenance }),
  };
}

function requestOf(question: Question): Request {
  return {
    target: question.to,
    strategy: question.strategy ?? "sequential",
    allowDowntime: question.downtime ?? false,
    acknowledgeDataLoss: question.acknowledge ?? null,
    snapshots: question.noSnapshots !== true,
    given: question.given ?? (question.noLicense === true ? [] : licensed),
    ...(question.restore === undefined ? {} : { restore: snapshotOf(question.restore) }),
  };
}

function snapshotOf({ version, schemaVersion, owner = version, mark = owner }: Restored): Snapshot {
  return { version, schemaVersion, schemaOwner: owner, highWaterMark: mark };
}

export function planned(outcome: Outcome): Plan {
  if (outcome.outcome !== "plan") {
    throw new Error(`Expected a plan, and it is refused: ${JSON.stringify(outcome.refusals, null, 2)}`);
  }
  return outcome;
}

export function refused(outcome: Outcome): readonly Refusal[] {
  if (outcome.outcome !== "refused") {
    throw new Error(`Expected a refusal, and it is a plan: ${JSON.stringify(outcome, null, 2)}`);
  }
  return outcome.refusals;
}

/** A step in short: "snapshot 1.4.0", "deploy 1.5.1", "deploy 1.2.0 (maintenance)", "down 281 by 1.9.1". */
export function short(step: Step): string {
  switch (step.kind) {
    case "restore":
      return `restore ${step.version} at ${step.schemaVersion}`;
    case "deploy":
      return `deploy ${step.version}${step.maintenance ? " (maintenance)" : ""}`;
    case "snapshot":
      return `snapshot ${step.version}`;
    case "awaitDataMigration":
      return `await ${step.version}`;
    case "migrateDown":
      return `down ${step.schemaVersion} by ${step.binary}`;
  }
}

export function stepsOf(question: Question): string[] {
  return planned(ask(question)).steps.map(short);
}

export function refusalCodes(question: Question): string[] {
  return refused(ask(question)).map(({ code }) => code);
}

export function warningCodes(question: Question): string[] {
  return planned(ask(question)).warnings.map(({ code }) => code);
}

/** The question as a test's name. */
export function title(question: Question): string {
  const parts = [`${shown(question.from)} to ${shown(question.to)}`];
  if (question.owner !== undefined) parts.push(`owner ${question.owner}`);
  if (question.mark !== undefined) parts.push(`mark ${question.mark}`);
  if (question.unsettled === true) parts.push("unsettled");
  if (question.inMaintenance === true) parts.push("in maintenance");
  if (question.strategy !== undefined) parts.push(question.strategy);
  if (question.downtime === true) parts.push("downtime allowed");
  if (question.acknowledge !== undefined) parts.push(`acknowledged ${JSON.stringify(question.acknowledge)}`);
  if (question.noSnapshots === true) parts.push("no snapshots");
  if (question.noLicense === true) parts.push("no license");
  if (question.restore !== undefined) parts.push(`restore ${JSON.stringify(question.restore)}`);
  if (question.finished !== undefined) parts.push(`finished ${JSON.stringify(question.finished)}`);
  return parts.join(", ");
}

/** A version as it is; anything else in quotes, so that spaces and ends of lines can be seen. */
function shown(version: string | null): string {
  return version === null ? "none" : /^[\w.^+-]+$/.test(version) ? version : JSON.stringify(version);
}
