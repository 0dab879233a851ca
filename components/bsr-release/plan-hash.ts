import { createHash } from "node:crypto";
import type { Plan } from "../migrations/planner";

/**
 * The fingerprint of what a plan does, for `approvedPlan`. No ids in it: the same way planned twice has the same
 * hash.
 */
export function planHash({ from, to, steps }: Pick<Plan, "from" | "to" | "steps">): string {
  return createHash("sha256")
    .update(JSON.stringify([from, to, steps]))
    .digest("hex")
    .slice(0, 16);
}
