import type { CheckedArgs } from "../args";
import type { LedgerRequest } from "./request";

/**
 * Returns the arguments that decide the plan. Two parts are added elsewhere: `given` needs all values, and `promotion`
 * needs the other stack's outputs.
 */
export function policyOf(args: CheckedArgs): Omit<LedgerRequest["policy"], "given" | "promotion"> {
  const { acknowledgeDataLoss, adopt, approvedPlan, deploysPerRun, restore, restoredTo } = args;
  return {
    allowDowntime: args.allowDowntime,
    ...(acknowledgeDataLoss === undefined ? {} : { acknowledgeDataLoss }),
    ...(approvedPlan === undefined ? {} : { approvedPlan }),
    ...(restore === undefined ? {} : { restore }),
    ...(restoredTo === undefined ? {} : { restoredTo }),
    ...(adopt === undefined ? {} : { adopt }),
    ...(deploysPerRun === undefined ? {} : { deploysPerRun }),
    snapshots: args.snapshot !== undefined,
    releases: [...args.releases],
  };
}
