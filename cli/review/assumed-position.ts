import { gt } from "semver";
import { z } from "zod";
import { endOfLastPlan } from "../../components/bsr-release/ledger/plan";
import type { LedgerPlan, LedgerPosition } from "../../components/bsr-release/ledger/state";
import type { Finished, Position, Step } from "../../components/migrations/planner";
import type { Remembered, Row } from "./state";

/** The position that an instance is assumed to have, as nobody looks at the cluster. */
export interface AssumedPosition {
  readonly position: Position;
  /** What earlier transitions to the last plan's target have finished and need not do again on the path there (R17). */
  readonly finished: Finished;
  /** Whether the last run did not finish, so that only the cluster knows. */
  readonly weak: boolean;
  /** What is assumed, in one sentence. */
  readonly told: string;
}

/** Returns the end of the last plan if its verification is in the state, or else what the rows of its steps show. */
export function assumedPosition(remembered: Remembered | undefined): AssumedPosition {
  if (remembered === undefined) {
    const told = "The state has no instance, so none is deployed, and the database was never used.";
    return { position: endOfLastPlan(undefined), finished: nothing, weak: false, told };
  }
  const { ledger, rows } = remembered;
  const { to, steps } = ledger.plan;
  const verification = rows.find(({ name }) => name === `${steps.length}-verify-${to}`);
  return verification === undefined ? unfinished(remembered) : reached(remembered, verification);
}

const nothing: Finished = { dataMigrations: [], snapshot: null };

const verifiedSchema = z.object({ verifiedAt: z.string() });

function reached({ ledger }: Remembered, { result }: Row): AssumedPosition {
  const at = verifiedSchema.safeParse(result).data?.verifiedAt;
  const when = at === undefined ? "verified" : `verified at ${at}`;
  return {
    position: endOfLastPlan(ledger),
    finished: nothing,
    weak: false,
    told: `The instance stands where the last plan of the stack ends: at ${ledger.plan.to}, ${when}.`,
  };
}

/**
 * Handles a run that failed or is still at work. Steps with a row were done. The deploy after them counts as begun,
 * because a mark that is too high is safe.
 */
function unfinished({ ledger: { plan, position: before }, rows }: Remembered): AssumedPosition {
  const numbers = new Set(
    rows.flatMap(({ name }) => {
      const [, number, what] = /^(\d+)-([a-z]+)/.exec(name) ?? [];
      return number === undefined || what === "begin" || what === "preflight" ? [] : [Number(number)];
    }),
  );
  const undone = plan.steps.findIndex((_, index) => !numbers.has(index + 1));
  const done = undone === -1 ? plan.steps : plan.steps.slice(0, undone);
  const started = done.reduce(after, positionOf(before));
  const isBegun = rows.length > 0;
  const next = isBegun ? plan.steps.slice(done.length).find(({ kind }) => kind === "deploy") : undefined;
  const position = next?.kind === "deploy" ? attempted(started, next.version) : started;
  const stands = `${position.deployedVersion ?? "nothing"} is the last version known as verified`;
  const begun = next?.kind === "deploy" ? `, and ${next.version} as begun` : "";
  return {
    position: isBegun ? unsettled(position, next) : position,
    finished: { ...nothing, dataMigrations: waitedFor(plan, done) },
    weak: true,
    told:
      `The last run of the stack has not finished: the verification of ${plan.to} is not in the state, which has ` +
      `${done.length} of ${plan.steps.length} steps. So ${stands}${begun}.`,
  };
}

/** Returns the position that the ledger gives an instance whose newest deploy was not verified. */
function unsettled(position: Position, next: Step | undefined): Position {
  if (position.deployedVersion === null) return { ...position, settled: false };
  const begun = next?.kind === "deploy" && next.version !== position.deployedVersion ? [next.version] : [];
  return { ...position, settled: false, begun };
}

/**
 * Returns the data migrations that were waited for: either the wait has a row, or the plan continued from the stop
 * without a wait, as an earlier plan had ended it.
 */
function waitedFor({ from, steps }: LedgerPlan, done: readonly Step[]): string[] {
  const waits = (some: readonly Step[]) =>
    some.flatMap((step) => (step.kind === "awaitDataMigration" ? [step.version] : []));
  const before = from === undefined || waits(steps).includes(from) ? [] : [from];
  return [...before, ...waits(done)];
}

function after(position: Position, step: Step): Position {
  switch (step.kind) {
    case "deploy":
      return {
        ...attempted(position, step.version),
        deployedVersion: step.version,
        ...(step.maintenance ? { maintenance: true } : { maintenance: false }),
      };
    case "migrateDown":
      return { ...position, schemaOwner: position.deployedVersion };
    case "restore":
    case "snapshot":
    case "awaitDataMigration":
      return position;
  }
}

/** Returns the position after an attempt, which raises mark and owner and lowers neither (R13). */
function attempted(position: Position, version: string): Position {
  const higher = (one: string | null) => (one === null || gt(version, one) ? version : one);
  return {
    ...position,
    schemaOwner: higher(position.schemaOwner),
    highWaterMark: higher(position.highWaterMark),
  };
}

function positionOf({
  deployedVersion,
  schemaOwner,
  highWaterMark,
  settled,
  maintenance,
}: LedgerPosition): Position {
  return {
    deployedVersion: deployedVersion ?? null,
    schemaOwner: schemaOwner ?? null,
    highWaterMark: highWaterMark ?? null,
    settled,
    ...(maintenance === true ? { maintenance } : {}),
  };
}
