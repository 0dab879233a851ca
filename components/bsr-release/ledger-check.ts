import { reasonOf } from "../migrations/cluster/connection";
import { failed, planFromObservation, planFromState, type CheckResult } from "./ledger-plan";
import { ledgerRequestSchema, unknownMarker, type LedgerRequest } from "./ledger-request";
import { ledgerStateSchema, type LedgerState } from "./ledger-state";
import { observe } from "./observation";
import type { Observation } from "./position";

/** The ledger's `check`, in preview and in up alike: observes the cluster and answers the plan as inputs. */
export async function checkLedger(olds: unknown, news: unknown): Promise<CheckResult> {
  const request = ledgerRequestSchema.parse(news);
  const previous = previousState(olds);
  const observed = await lookAt(request);
  if (!("unreachable" in observed)) return planFromObservation(request, previous, observed);
  if (request.observe.preview) return planFromState(request, previous, observed.unreachable);
  return failed(
    `The cluster could not be read: ${observed.unreachable}. Nothing was changed. ` +
      "Mend the access (kubeconfig, context, network, permissions), then run pulumi up again.",
  );
}

async function lookAt(request: LedgerRequest): Promise<Observation | { readonly unreachable: string }> {
  const { kubeconfig, context } = request.observe;
  const unknown = [kubeconfig, context, request.database].includes(unknownMarker);
  if (unknown) return { unreachable: "its kubeconfig or its database is not known before pulumi up" };
  try {
    return await observe({ kubeconfig, context }, request);
  } catch (error) {
    return { unreachable: reasonOf(error) };
  }
}

/** On its first creation the ledger gets an empty object. */
function previousState(olds: unknown): LedgerState | undefined {
  const isEmpty = typeof olds !== "object" || olds === null || !("plan" in olds);
  return isEmpty ? undefined : ledgerStateSchema.parse(olds);
}
