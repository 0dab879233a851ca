import { planFromObservation } from "../../components/bsr-release/ledger/plan";
import type { LedgerState } from "../../components/bsr-release/ledger/state";
import { requestFor, stateOf } from "../component/asking";
import { Instance } from "../component/instance";

/** The state of a stack that was bumped from one version to another. */
export function bumped(from: string, to: string, given: Parameters<typeof requestFor>[1] = {}): LedgerState {
  const first = stateOf(planFromObservation(requestFor(from), undefined, new Instance().observed()));
  const running = new Instance().deploys(from).observed();
  return stateOf(planFromObservation(requestFor(to, given), first, running));
}
