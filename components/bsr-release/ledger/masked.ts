import { connect } from "../../migrations/cluster/connection";
import { credentialsOf, secretTexts } from "../../migrations/cluster/secret-texts";
import type { Masks } from "../../migrations/masks";
import type { CheckResult } from "./plan";
import { unknownMarker, type LedgerRequest } from "./request";
import type { LedgerPlan } from "./state";

/** Returns the secrets in the request. One that is not known yet cannot be in any text. */
export function givenSecrets({ masks }: LedgerRequest["observe"]): string[] {
  return masks.flatMap((texts) => (texts === unknownMarker ? [] : texts));
}

/** Masks the secrets in the cluster that Helm and the API server may quote, as far as they can be read. Never fails. */
export async function maskSecrets({ namespace, observe }: LedgerRequest, masks: Masks): Promise<void> {
  if ([observe.kubeconfig, observe.context].includes(unknownMarker)) return;
  try {
    const cluster = connect(observe);
    masks.add(credentialsOf(cluster));
    masks.add((await secretTexts(cluster, namespace, observe.secretKeys)).texts);
  } catch {
    // The observation reports a kubeconfig that cannot be used.
  }
}

/**
 * Masks every text for a person in a check's result: the failures, and the plan's texts that are kept in plain state.
 */
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
