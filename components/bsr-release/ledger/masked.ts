import { connect } from "../../migrations/cluster/connection";
import { credentialsOf, secretTexts } from "../../migrations/cluster/secret-texts";
import type { Masks } from "../../migrations/masks";
import type { CheckResult } from "./plan";
import { unknownMarker, type LedgerRequest } from "./request";
import type { LedgerPlan } from "./state";

/** The secrets that the request gives. What is not known yet cannot be in any text. */
export function givenSecrets({ masks }: LedgerRequest["observe"]): string[] {
  return masks.flatMap((texts) => (texts === unknownMarker ? [] : texts));
}

/** What Helm and the API server may quote beside that, as far as the cluster tells it. Never fails. */
export async function maskSecrets({ namespace, observe }: LedgerRequest, masks: Masks): Promise<void> {
  if ([observe.kubeconfig, observe.context].includes(unknownMarker)) return;
  try {
    const cluster = connect(observe);
    masks.add(credentialsOf(cluster));
    masks.add((await secretTexts(cluster, namespace, observe.secretKeys)).texts);
  } catch {
    // A kubeconfig that cannot be used is told by the observation.
  }
}

/** A check's answer with every text for a person masked: the failures, and what of the plan is kept in plain state. */
export function masked({ inputs, failures }: CheckResult, { mask }: Masks): CheckResult {
  return {
    ...(failures === undefined
      ? {}
      : { failures: failures.map((one) => ({ ...one, reason: mask(one.reason) })) }),
    ...(inputs === undefined ? {} : { inputs: { ...inputs, plan: withMasked(inputs.plan, mask) } }),
  };
}

function withMasked({ assumed, ...plan }: LedgerPlan, mask: Masks["mask"]): LedgerPlan {
  return {
    ...plan,
    warnings: plan.warnings.map(mask),
    ...(assumed === undefined ? {} : { assumed: mask(assumed) }),
  };
}
