import { ZodError } from "zod";
import { KubeconfigError, reasonOf, statusOf } from "../migrations/cluster/connection";
import { failed, planFromObservation, planFromState, type CheckResult } from "./ledger-plan";
import { ledgerRequestSchema, unknownMarker, type LedgerRequest } from "./ledger-request";
import { ledgerStateSchema, type LedgerState } from "./ledger-state";
import { observe } from "./observation";

/** The ledger's `check`, in preview and in up alike: observes the cluster and answers the plan as inputs. */
export async function checkLedger(olds: unknown, news: unknown): Promise<CheckResult> {
  const request = ledgerRequestSchema.parse(news);
  const previous = previousState(olds);
  try {
    if (isUnknown(request)) {
      return planFromState(request, previous, "its kubeconfig or its database is not known before pulumi up");
    }
    return planFromObservation(request, previous, await observe(request.observe, request));
  } catch (error) {
    if (request.observe.preview && !isAnswer(error)) return planFromState(request, previous, reasonOf(error));
    return failed(
      `The cluster could not be read: ${reasonOf(error)}. Nothing was changed. ` +
        "Mend the access (kubeconfig, context, network, permissions), then run pulumi up again.",
    );
  }
}

function isUnknown({ observe: { kubeconfig, context }, database }: LedgerRequest): boolean {
  return [kubeconfig, context, database].includes(unknownMarker);
}

/** Not silence, but something that has to be mended: a preview from the state would hide it. */
function isAnswer(error: unknown): boolean {
  return statusOf(error) !== undefined || error instanceof KubeconfigError || error instanceof ZodError;
}

/** On its first creation the ledger gets an empty object. */
function previousState(olds: unknown): LedgerState | undefined {
  const isEmpty = typeof olds !== "object" || olds === null || !("plan" in olds);
  return isEmpty ? undefined : ledgerStateSchema.parse(olds);
}
