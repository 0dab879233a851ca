import { factsOf, askAt } from "../../components/bsr-release/ledger/plan";
import type { LedgerState } from "../../components/bsr-release/ledger/state";
import { refuseMoved } from "../../components/bsr-release/ledger/refusals";
import { refuseUnapproved } from "../../components/bsr-release/ledger/approval";
import { roughDuration } from "../../components/bsr-release/ledger/rough-duration";
import {
  deployed,
  firstRun,
  type Outcome,
  type Plan,
  type Position,
  type Refusal,
} from "../../components/migrations/planner";
import { planHash } from "../../components/bsr-release/plan/hash";
import { unknownMarker } from "../../components/bsr-release/ledger/request";
import type { Shown, StackNotes } from "../plan-words";
import { Unreadable } from "../unreadable";
import { askedBy, configurationOf, type StackAsks } from "./asked";
import { assumedPosition, type AssumedPosition } from "./assumed-position";
import { deploySecondsOf } from "./deploy-seconds";
import { keyLeftToPreview, leftToPreview, type LeftToPreview } from "./left-to-preview";
import { findProject } from "./project";
import { isUpward, promotedFrom, promotionText, withOverride, type PromotionSource } from "./promoted-from";
import { exportState, readConfig } from "./pulumi";
import { stackStateOf, type Remembered, type StackState } from "./state";

/** What `bsr review` is asked for. */
export interface ReviewOptions {
  readonly stack?: string;
  readonly cwd: string;
  readonly to?: string;
  readonly component?: string;
}

/** The plan of a stack as `pulumi up` will make it, if what is assumed holds. */
export interface Review extends Shown {
  readonly stack: StackNotes;
  /** The component's name; `null` if the stack has none yet. */
  readonly component: string | null;
}

/** Plans from a stack's state and configuration alone, without looking at the cluster. */
export async function review({ stack, cwd, to, component }: ReviewOptions): Promise<Review | LeftToPreview> {
  const project = findProject(cwd);
  const address = { folder: project.folder, stack };
  const state = stackStateOf(await exportState(address));
  const config = await readConfig(address);
  const remembered = chosen(state, component);
  const asks = await askedBy(configurationOf(config, project, to), to, remembered?.ledger);
  const name = state.stack ?? stack ?? null;
  const assumed = assumedPosition(remembered);
  const key = keyLeftToPreview(asks, remembered?.ledger, assumed.weak);
  if (key !== undefined) return leftToPreview(name, remembered?.component ?? null, key);
  return reviewOf(name, remembered, asks, assumed, await promotedFrom(asks, address.folder));
}

function reviewOf(
  stack: string | null,
  remembered: Remembered | undefined,
  asks: StackAsks,
  { position, finished, weak, told }: AssumedPosition,
  source: PromotionSource | null,
): Review {
  const previous = remembered?.ledger;
  const goesOn = previous?.target === asks.target;
  const planned = withMoved(goesOn ? askAt(asks, position, finished) : askAt(asks, position), asks, previous);
  const isBegun = goesOn && !position.settled;
  const isPromoted = source !== null && isUpward(planned) && !isBegun;
  const outcome = isPromoted ? withOverride(planned, asks.target, source) : planned;
  const plan = outcome.outcome === "plan" && outcome.steps.length > 0 ? outcome : undefined;
  return {
    component: remembered?.component ?? null,
    facts: factsOf(asks, {}),
    position,
    outcome,
    stack: {
      name: stack,
      assumed: [told, ...asks.told],
      weak,
      binding: weak ? bindingOfRest(asks, previous, outcome) : bindingOf(outcome),
      approved: plan === undefined ? null : approvedOf(asks, previous, plan),
      duration: plan === undefined ? null : durationOf(remembered, plan),
      firstRun: plan === undefined ? null : firstRunOf(asks, position, plan),
      promotion: isPromoted ? promotionText(asks.target, source) : null,
    },
  };
}

function bindingOf(outcome: Outcome): string | null {
  return outcome.outcome === "refused" ? null : planHash(outcome);
}

/**
 * Returns the hash to bind after a run that did not finish. The plan is then a guess: if the run finds the instance
 * elsewhere, the hash of the guess would make it refuse, every time. An approved plan also binds the rest of itself; a
 * new path gets no hash.
 */
function bindingOfRest(asks: StackAsks, previous: LedgerState | undefined, outcome: Outcome): string | null {
  const approvedPlan = previous?.plan.approved;
  if (approvedPlan === undefined || outcome.outcome === "refused") return null;
  const asked = { target: asks.target, policy: { ...asks.policy, approvedPlan } };
  return refuseUnapproved(asked, previous, outcome).length === 0 ? approvedPlan : null;
}

function chosen({ components }: StackState, name: string | undefined): Remembered | undefined {
  const names = components.map(({ component }) => component);
  const fitting = components.filter(({ component }) => name === undefined || component === name);
  if (fitting.length === 1 || (components.length === 0 && name === undefined)) return fitting[0];
  throw new Unreadable(
    "The stack's state could not be read.",
    names.length === 0
      ? `no component, and ${name} is asked for`
      : `${names.length === 1 ? "the component" : "the components"} ${names.join(", ")}${name === undefined ? "" : `, and ${name} is asked for`}`,
    "one component BsrRelease to review",
    names.length === 0
      ? "leave out --component before the first pulumi up"
      : "name one of them with --component",
  );
}

function withMoved(outcome: Outcome, asks: StackAsks, previous: LedgerState | undefined): Outcome {
  const { namespace = previous?.namespace, releaseName = previous?.releaseName } = asks;
  const place = { namespace: namespace ?? unknownMarker, releaseName: releaseName ?? unknownMarker };
  const moved: readonly Refusal[] = refuseMoved({ ...place, database: unknownMarker }, previous);
  if (moved.length === 0) return outcome;
  return {
    outcome: "refused",
    refusals: [...moved, ...(outcome.outcome === "refused" ? outcome.refusals : [])],
  };
}

function approvedOf(asks: StackAsks, previous: LedgerState | undefined, plan: Plan): StackNotes["approved"] {
  const { approvedPlan } = asks.policy;
  if (approvedPlan === undefined) return null;
  return { hash: approvedPlan, holds: refuseUnapproved(asks, previous, plan).length === 0 };
}

function durationOf(remembered: Remembered | undefined, plan: Plan): string | null {
  const deploys = deployed(plan.steps).length;
  return roughDuration(remembered === undefined ? [] : deploySecondsOf(remembered), deploys) ?? null;
}

function firstRunOf({ policy }: StackAsks, position: Position, plan: Plan): StackNotes["firstRun"] {
  const run = firstRun(plan, position, policy.deploysPerRun ?? Infinity);
  if (run.later.length === 0) return null;
  return { deploys: deployed(run.plan.steps).length, to: run.plan.to };
}
