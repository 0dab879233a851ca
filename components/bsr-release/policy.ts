import type { CheckedArgs } from "./args";
import type { LedgerRequest } from "./ledger-request";

/** The arguments that decide the plan; whether a value is given is known only with all values. */
export function policyOf(args: CheckedArgs): Omit<LedgerRequest["policy"], "given"> {
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
