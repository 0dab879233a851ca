import { planHash } from "../../components/bsr-release/plan/hash";
import type { Review } from "./review";

/** Renders the review as one line of JSON: the planner's answer, with what it was made from. */
export function jsonOf({ outcome, position, stack, component }: Review): string {
  const { name, assumed, weak, binding, approved, duration, firstRun, promotion } = stack;
  const { deployedVersion, schemaOwner, highWaterMark, settled, maintenance = false } = position;
  return `${JSON.stringify({
    ...outcome,
    ...(outcome.outcome === "plan"
      ? { hash: planHash(outcome), binding, approved, duration, firstRun, promotion }
      : {}),
    stack: name,
    component,
    position: {
      deployedVersion,
      schemaOwner,
      highWaterMark,
      settled,
      ...(maintenance ? { maintenance } : {}),
    },
    assumed,
    weak,
  })}\n`;
}
