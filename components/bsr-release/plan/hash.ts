import { createHash } from "node:crypto";
import type { Plan } from "../../migrations/planner";

/**
 * Returns the fingerprint of what a plan does, for `approvedPlan`. It leaves out the transition's id, so that the same
 * plan made twice has the same hash. It includes what is restored, as two snapshots may have the same numbers.
 */
export function planHash({ from, to, steps }: Pick<Plan, "from" | "to" | "steps">, restore?: string): string {
  return createHash("sha256")
    .update(JSON.stringify(restore === undefined ? [from, to, steps] : [from, to, steps, restore]))
    .digest("hex")
    .slice(0, 16);
}
