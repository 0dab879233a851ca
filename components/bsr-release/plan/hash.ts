import { createHash } from "node:crypto";
import type { Plan } from "../../migrations/planner";

/**
 * The fingerprint of what a plan does, for `approvedPlan`. No transition's id is in it: the same way planned twice has
 * the same hash. What is restored is: one snapshot may have the numbers of another.
 */
export function planHash({ from, to, steps }: Pick<Plan, "from" | "to" | "steps">, restore?: string): string {
  return createHash("sha256")
    .update(JSON.stringify(restore === undefined ? [from, to, steps] : [from, to, steps, restore]))
    .digest("hex")
    .slice(0, 16);
}
