import ms, { type StringValue } from "ms";
import { verifiedOf } from "../../components/bsr-release/ledger/promotion-source";
import type { Outcome } from "../../components/migrations/planner";
import { Unreadable } from "../unreadable";
import type { StackAsks } from "./asked";
import { exportState } from "./pulumi";
import { outputsOf } from "./state";

type Promotion = NonNullable<StackAsks["promotion"]>;

/** The stack that versions come from, with what it has verified according to its state. */
export interface PromotionSource extends Promotion {
  readonly verified?: { readonly version: string; readonly at: string } | undefined;
  /** Why that cannot be read. */
  readonly unreadable?: string | undefined;
}

/** Reads the stack that versions are promoted from; `null` if the configuration has no promotion. */
export async function promotedFrom(
  { promotion }: Pick<StackAsks, "promotion">,
  folder: string,
): Promise<PromotionSource | null> {
  if (promotion === undefined) return null;
  try {
    const outputs = outputsOf(await exportState({ folder, stack: promotion.from }));
    return { ...promotion, ...verifiedOf(outputs, promotion.output) };
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error;
    return { ...promotion, unreadable: error.found };
  }
}

/** Whether the promotion applies to a plan: it does only if the plan goes up. */
export function isUpward(outcome: Outcome): boolean {
  return outcome.outcome === "plan" && (outcome.direction === "install" || outcome.direction === "upgrade");
}

/**
 * Says what the other stack has verified. It says from when on the version may be deployed here, but not whether that
 * time has come: the same input must give the same text, and a review is read later than it is written.
 */
export function promotionText(
  target: string,
  { from, soak, verified, unreadable, override }: PromotionSource,
): string {
  if (override === target) return `promotion.override deploys ${target}, whatever ${from} has verified`;
  if (verified === undefined) {
    return `${from} could not be read (${unreadable ?? "it shows nothing"}); pulumi up asks it again`;
  }
  const { version, at } = verified;
  if (version !== target) {
    return `${from} runs ${version}, verified at ${at}; pulumi up refuses ${target} until it is verified there`;
  }
  const ready = soak === undefined ? at : new Date(Date.parse(at) + ms(soak as StringValue)).toISOString();
  const since = soak === undefined ? "" : `; pulumi up takes it from ${ready} on (${soak} later)`;
  return `${from} verified ${target} at ${at}${since}`;
}

/** Adds the warning for an override, as the plan of `pulumi up` has it. */
export function withOverride(outcome: Outcome, target: string, { from, override }: PromotionSource): Outcome {
  if (outcome.outcome === "refused" || override !== target) return outcome;
  const message = `promotion.override deploys ${target}, whatever ${from} has verified. Remove the override afterwards.`;
  return { ...outcome, warnings: [...outcome.warnings, { code: "promotion-overridden", message }] };
}
