import { lt } from "semver";
import ms, { type StringValue } from "ms";
import type { Outcome, Position, Refusal, Warning } from "../../migrations/planner";
import type { LedgerRequest } from "./request";

/** What promotion says of a plan. */
export interface Verdict {
  readonly refusals: readonly Refusal[];
  readonly warnings: readonly Warning[];
}

type Promotion = NonNullable<LedgerRequest["policy"]["promotion"]>;

/**
 * Requires that a version new to this stack has first been verified in the stack that it is promoted from, and has run
 * there for the soak time. Nothing else is required: a transition that was begun continues whatever the other stack
 * does meanwhile, and the way back is always open.
 */
export function judgePromotion(
  { target, policy: { promotion } }: LedgerRequest,
  /** Whether a deploy on the way to this target has already begun. */
  isBegun: boolean,
  position: Position,
  outcome: Outcome,
): Verdict {
  if (promotion === undefined || isBegun) return { refusals: [], warnings: [] };
  const { override } = promotion;
  const objection = isUpward(target, position, outcome) ? objectionTo(target, promotion) : null;
  if (objection === null) return { refusals: [], warnings: override === undefined ? [] : [unused(override)] };
  if (override !== target) return { refusals: [objection], warnings: [] };
  return { refusals: [], warnings: [overridden(target, objection)] };
}

/**
 * Whether the way leads up. A plan says so itself. A refused one would lead up if its target is a known release above
 * everything that was attempted.
 */
function isUpward(target: string, { highWaterMark }: Position, outcome: Outcome): boolean {
  if (outcome.outcome === "plan") return outcome.direction === "install" || outcome.direction === "upgrade";
  const isKnown = !outcome.refusals.some(
    ({ code }) => code === "invalid-version" || code === "unknown-release",
  );
  return isKnown && (highWaterMark === null || lt(highWaterMark, target));
}

/** Returns why a target may not be deployed yet, or `null` if it may. */
function objectionTo(target: string, promotion: Promotion): Refusal | null {
  const { stack, soak, verified, readAt } = promotion;
  if (verified === undefined) return unknownSource(target, promotion);
  if (verified.version !== target) return notThere(target, promotion, verified);
  if (soak === undefined) return null;
  const over = new Date(Date.parse(verified.at) + ms(soak as StringValue)).toISOString();
  if (Date.parse(over) <= Date.parse(readAt)) return null;
  return {
    code: "promotion-soak",
    found: `The stack ${stack} verified ${target} at ${verified.at}, and it is ${readAt} now.`,
    wanted: wantedOf(promotion),
    remedy: `Wait until ${over}, then run pulumi up again. ${otherwise(target, promotion)}`,
  };
}

function unknownSource(target: string, promotion: Promotion): Refusal {
  const { stack, unreadable = "it does not say" } = promotion;
  return {
    code: "promotion-source",
    found: `${target} is to be promoted from the stack ${stack}, and what runs there cannot be read: ${unreadable}.`,
    wanted: wantedOf(promotion),
    remedy:
      "Correct promotion.from, or run pulumi up there, with deployedVersion and verifiedAt among its outputs (or in the " +
      `one that promotion.output names). ${otherwise(target, promotion)}`,
  };
}

function notThere(
  target: string,
  promotion: Promotion,
  { version, at }: { version: string; at: string },
): Refusal {
  const { stack } = promotion;
  return {
    code: "promotion-version",
    found: `The stack ${stack} runs ${version}, verified at ${at}, and ${target} is asked for.`,
    wanted: wantedOf(promotion),
    remedy: lt(version, target)
      ? `Deploy ${target} there first. ${otherwise(target, promotion)}`
      : `Set version to ${version}, as that stack has moved on. ${otherwise(target, promotion)}`,
  };
}

function wantedOf({ stack, soak }: Promotion): string {
  const there = `A version that is new here is verified in ${stack} first`;
  return soak === undefined ? `${there}.` : `${there}, and has run there for ${soak} since.`;
}

/** Says which override to set, and why the one that is set does not count. */
function otherwise(target: string, { override }: Promotion): string {
  const set = `To deploy it here all the same, set promotion.override to "${target}"`;
  return override === undefined ? `${set}.` : `${set}; it is "${override}", which is another version.`;
}

function overridden(target: string, { found, wanted }: Refusal): Warning {
  return {
    code: "promotion-overridden",
    message: `promotion.override deploys ${target} against the promotion: ${found} ${wanted} Remove the override afterwards.`,
  };
}

function unused(override: string): Warning {
  return {
    code: "promotion-override-unused",
    message: `promotion.override is "${override}", and this plan does not need it. Remove it.`,
  };
}
