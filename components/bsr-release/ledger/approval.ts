import type { Plan, Refusal } from "../../migrations/planner";
import type { LedgerRequest } from "./request";
import type { LedgerState } from "./state";
import { planHash } from "../plan/hash";

/**
 * Refuses a plan that was not approved: `approvedPlan` binds an `up` to the plan that was reviewed. The rest of an
 * approved plan counts as approved. `restore` is what the plan restores, as the record names it.
 */
export function refuseUnapproved(
  request: Pick<LedgerRequest, "policy" | "target">,
  previous: LedgerState | undefined,
  plan: Plan,
  restore?: string,
): Refusal[] {
  const { approvedPlan } = request.policy;
  const hash = planHash(plan, restore);
  if (approvedPlan === undefined || approvedPlan === hash || isRest(request, previous, plan, restore))
    return [];
  return [
    {
      code: "plan-not-approved",
      found: `The plan to ${request.target} has the hash ${hash}, and approvedPlan is ${approvedPlan}.`,
      wanted: "With approvedPlan, only the plan that was reviewed is carried out.",
      remedy: `Review this plan with pulumi preview, then set approvedPlan to ${hash}, or remove approvedPlan.`,
    },
  ];
}

/**
 * Whether a plan does only what is left of the approved one. It may also repeat what planning again brings with it
 * (R17): a snapshot, and a deploy of the version that runs. If the approved plan has snapshots, a method to take them
 * must still be given.
 */
function isRest(
  { target, policy: { approvedPlan, snapshots } }: Pick<LedgerRequest, "policy" | "target">,
  previous: LedgerState | undefined,
  { from, steps }: Plan,
  restore: string | undefined,
): boolean {
  if (previous?.target !== target || previous.plan.approved !== approvedPlan) return false;
  if (restore !== undefined && restore !== previous.plan.restore) return false;
  const approved = [...previous.plan.steps, ...(previous.plan.later ?? [])];
  if (!snapshots && approved.some(({ kind }) => kind === "snapshot")) return false;
  const left = approved.map((step) => JSON.stringify(step));
  return steps.every((step) => {
    if (step.kind === "snapshot") return true;
    if (step.kind === "deploy" && !step.maintenance && step.version === from) return true;
    const at = left.indexOf(JSON.stringify(step));
    left.splice(0, at + 1);
    return at !== -1;
  });
}
