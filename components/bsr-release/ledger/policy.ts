import type { CheckedArgs } from "../args";
import type { LedgerRequest } from "./request";

/**
 * The arguments that decide the plan. Whether a value is given is known only with all values, and of a promotion the other
 * stack has to be asked.
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
