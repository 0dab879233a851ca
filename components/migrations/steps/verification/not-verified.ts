import { diagnose } from "../../cluster/pods/diagnosis";
import type { Workload } from "../../cluster/pods/workloads";
import type { Context } from "../context";
import { StepFailure } from "../failure";
import type { Expectation } from "../input";

/** Returns the failure of a deploy that was made and cannot be verified. */
export function notVerified(
  expected: Expectation,
  what: string,
  {
    left = "pods that were ready before go on serving",
    remedy = "fix the cause, then run pulumi up again: it goes on at this version",
  }: { readonly left?: string; readonly remedy?: string } = {},
): StepFailure {
  return new StepFailure(
    `${expected.version} was deployed but not verified: ${what}`,
    `${left}; nothing after this step was begun`,
    remedy,
  );
}

/** Returns why pods of these workloads are not ready, one line for each reason. */
export function reasonsOf(
  { cluster, setting, masks }: Context,
  workloads: readonly Workload[],
  how = diagnose,
): Promise<string[]> {
  return how(cluster, setting.namespace, { workloads }, masks.mask);
}
