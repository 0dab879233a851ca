import { ZodError } from "zod";
import { schemaErrors } from "../../migrations/schema-errors";
import { connect, KubeconfigError, reasonOf, statusOf } from "../../migrations/cluster/connection";
import { UnusableAnswer } from "../../migrations/cluster/unusable";
import { Masks } from "../../migrations/masks";
import { givenSecrets, masked, maskSecrets } from "./masked";
import {
  factsOf,
  failed,
  planFromObservation,
  planFromState,
  reasonsOf,
  refused,
  refuseTarget,
  type CheckResult,
} from "./plan";
import { afterPreflight } from "./preflight";
import { ledgerRequestSchema, unknownMarker, type LedgerRequest } from "./request";
import { ledgerStateSchema, type LedgerState, type StoredState } from "./state";
import { planReport } from "../plan/text";
import { underWay } from "./under-way";
import { observe } from "../observation/observe";
import type { Observation } from "../observation/position";
import { awaitRunBefore } from "./await-earlier-run";

/** What the engine gets: the state as it is stored, or failures. */
interface Answer {
  readonly inputs?: StoredState;
  readonly failures?: CheckResult["failures"];
}

/**
 * The ledger's `check`, in a preview and an `up` alike: observes the cluster and returns the plan as inputs. It writes
 * a new plan in full to standard output, which the engine shows under Diagnostics. Everything that it returns or writes
 * is masked here, as it quotes Helm, the API server and other stacks.
 */
export async function checkLedger(olds: unknown, news: unknown): Promise<Answer> {
  const masks = new Masks();
  const say = (text: string) => void process.stdout.write(`${masks.mask(text)}\n`);
  try {
    const request = ledgerRequestSchema.parse(news, { error: schemaErrors });
    masks.add(givenSecrets(request.observe));
    const previous = previousState(olds);
    const reading = maskSecrets(request, masks);
    const result = await decide(request, previous, say).finally(() => reading);
    const { inputs, failures = [] } = masked(result, masks);
    if (inputs === undefined) return { failures };
    if (inputs.plan.transition !== previous?.plan.transition) say(report(request, inputs));
    return { inputs: ledgerStateSchema.encode(inputs) };
  } catch (error) {
    return { failures: masked(failed(internalError(error)), masks).failures ?? [] };
  }
}

/** Describes an error of this package itself. A ZodError may quote what it read, so only where it was is shown. */
function internalError(error: unknown): string {
  const what =
    error instanceof ZodError
      ? error.issues.map(({ path, message }) => `${path.join(".")}: ${message}`).join("; ")
      : reasonOf(error);
  return (
    `internal-error\n  found:  ${what}\n  wanted: A state and a request that this version of the package can read.\n` +
    "  remedy: Nothing was changed. Use the version of the package that wrote the state, or report this as a bug."
  );
}

function report(request: LedgerRequest, { plan, position, namespace, releaseName }: LedgerState): string {
  const [head = "", ...lines] = planReport(factsOf(request, {}), plan, position);
  const text = [
    `release ${releaseName} in namespace ${namespace}: ${head}`,
    ...lines.map((line) => `  ${line}`),
  ];
  return text.join("\n");
}

/** Shows who works on the instance. It is shown beside the plan, as it does not belong in the state. */
function showUnderWay({ namespace, releaseName }: LedgerRequest, observed: Observation, say: Say): void {
  const who = underWay(observed, new Date());
  if (who !== null) say(`release ${releaseName} in namespace ${namespace}: under way: ${who}`);
}

type Say = (text: string) => void;

async function decide(
  request: LedgerRequest,
  previous: LedgerState | undefined,
  say: Say,
): Promise<CheckResult> {
  if (isUnknown(request)) {
    return withoutCluster(request, previous, "its kubeconfig or its database is not known before pulumi up");
  }
  let observed: Observation;
  try {
    if (!request.observe.preview) await awaitRunBefore(request.observe, request, request.observe.stack, say);
    observed = await observe(request.observe, request);
  } catch (error) {
    if (request.observe.preview && !isAnswer(error))
      return withoutCluster(request, previous, reasonOf(error));
    const unread = failed(unreadCluster(error), ...reasonsOf(refused(refuseTarget(request))));
    // Somebody who may not read this may lack other permissions, and the cluster can name them all.
    const cluster = statusOf(error) === 403 ? connect(request.observe) : null;
    return afterPreflight(unread, request, previous, factsOf(request, {}), { cluster, observed: null });
  }
  showUnderWay(request, observed, say);
  const result = planFromObservation(request, previous, observed);
  const facts = factsOf(request, observed.record?.learned ?? {});
  return afterPreflight(result, request, previous, facts, { cluster: connect(request.observe), observed });
}

function withoutCluster(
  request: LedgerRequest,
  previous: LedgerState | undefined,
  reason: string,
): Promise<CheckResult> {
  const result = planFromState(request, previous, reason);
  return afterPreflight(result, request, previous, factsOf(request, {}), { cluster: null, observed: null });
}

function isUnknown({ observe: { kubeconfig, context }, database }: LedgerRequest): boolean {
  return [kubeconfig, context, database].includes(unknownMarker);
}

function unreadCluster(error: unknown): string {
  if (error instanceof UnusableAnswer) {
    const { found, wanted, remedy } = error;
    return `The cluster could not be read: ${found}; wanted: ${wanted}. Nothing was changed. To go on, ${remedy}; then run pulumi up again.`;
  }
  return (
    `The cluster could not be read: ${reasonOf(error)}. Nothing was changed. ` +
    "Fix the access (kubeconfig, context, network, permissions), then run pulumi up again."
  );
}

/** Whether the cluster gave an answer that has to be fixed. A preview from the state would hide it. */
function isAnswer(error: unknown): boolean {
  return statusOf(error) !== undefined || error instanceof KubeconfigError || error instanceof UnusableAnswer;
}

/** On its first creation the ledger gets an empty object. */
function previousState(olds: unknown): LedgerState | undefined {
  const isEmpty = typeof olds !== "object" || olds === null || !("plan" in olds);
  return isEmpty ? undefined : ledgerStateSchema.decode(olds as StoredState, { error: schemaErrors });
}
