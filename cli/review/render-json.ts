import { planHash } from "../../components/bsr-release/plan/hash";
import type { Review } from "./review";

/** The review as one line of JSON: the planner's answer, with what it was made from. */
export function jsonOf({ outcome, position, stack, component }: Review): string {
  const { name, assumed, weak, approved, duration, firstRun } = stack;
  const isPlan = outcome.outcome === "plan" && outcome.steps.length > 0;
  return `${JSON.stringify({
    ...outcome,
    ...(outcome.outcome === "plan"
      ? { hash: isPlan ? planHash(outcome) : null, approved, duration, firstRun }
      : {}),
    stack: name,
    component,
    position,
    assumed,
    weak,
  })}\n`;
}
