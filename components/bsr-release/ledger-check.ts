import { reasonOf } from "../migrations/cluster/connection";
import {
  builtInFacts,
  FactsError,
  withAdditions,
  withLearnedSchemaVersions,
  type Facts,
} from "../migrations/facts";
import { makePlan, type Outcome, type Plan, type Position, type Refusal } from "../migrations/planner";
import { ledgerRequestSchema, unknownMarker, type LedgerRequest } from "./ledger-request";
import { ledgerStateSchema, type LedgerPlan, type LedgerPosition, type LedgerState } from "./ledger-state";
import { observe } from "./observation";
import { planHash } from "./plan-hash";
import { locate, type Located, type Observation } from "./position";
import { refuseDrift, refuseMoved, refuseUnapproved, refuseUnowned, refuseUnsupported } from "./refusals";

interface CheckResult {
  readonly inputs?: LedgerState;
  readonly failures?: readonly { readonly property: string; readonly reason: string }[];
}

/**
 * The ledger's `check`: observes the cluster, plans, and answers the plan as inputs, in preview and in up alike.
 *
 * The plan is made from what is observed, every time. Only when the end of the last plan is what is observed is
 * that plan answered again, and the preview is empty. A refusal is a check failure: nothing is touched.
 */
export async function checkLedger(olds: unknown, news: unknown): Promise<CheckResult> {
  const request = ledgerRequestSchema.parse(news);
  const previous = previousState(olds);
  const moved = previous === undefined ? [] : refuseMoved(request, previous);
  if (moved.length > 0) return refused(moved);

  const observed = await lookAt(request);
  if ("unreachable" in observed) {
    return request.observe.preview
      ? assume(request, previous, observed.unreachable)
      : failed(
          `The cluster could not be read: ${observed.unreachable}. Nothing was changed. ` +
            "Mend the access (kubeconfig, context, network, permissions), then run pulumi up again.",
        );
  }
  if (previous?.cluster !== undefined && previous.cluster !== observed.cluster) {
    return refused([otherCluster(previous.cluster, observed.cluster)]);
  }
  return plan(request, previous, observed);
}

function plan(request: LedgerRequest, previous: LedgerState | undefined, observed: Observation): CheckResult {
  const located = locate(observed, {
    highWaterMark: previous?.plan.highWaterMark ?? null,
    schemaOwner: previous?.position.schemaOwner ?? null,
  });
  const refusals = [...refuseUnowned(request, previous, observed), ...refuseDrift(request, located.drift)];
  if (refusals.length > 0) return refused(refusals);

  const lineage = previous?.target === request.target ? previous.plan.lineage : undefined;
  const facts = factsOf(request, observed.record?.learned ?? {});
  if ("problems" in facts) return failed(...facts.problems);
  const outcome = ask(facts, request, located.position, {
    dataMigrations: (observed.record?.dataMigrations ?? [])
      .filter((done) => done.lineage === lineage)
      .map((done) => done.version),
  });
  if (outcome.outcome === "refused") return refused(outcome.refusals);
  if (outcome.steps.length === 0 && previous?.target === request.target) return { inputs: previous };

  const unwanted = [...refuseUnsupported(outcome), ...refuseUnapproved(request, previous, outcome)];
  if (unwanted.length > 0) return refused(unwanted);

  const transition = 1 + Math.max(previous?.plan.transition ?? 0, observed.record?.transition ?? 0);
  return answer(request, previous, outcome, positionOf(located, observed), {
    cluster: observed.cluster,
    transition,
    lineage: lineage ?? transition,
    // Nothing to deploy: what is live stays as it is, with the description it has.
    description: outcome.steps.length === 0 ? observed.live?.description : undefined,
  });
}

/**
 * A preview that cannot see the cluster plans from the state, as if the last plan had been carried out, and says
 * so. Leaving the plan out would show every existing step as deleted.
 */
function assume(request: LedgerRequest, previous: LedgerState | undefined, reason: string): CheckResult {
  const assumed = `the cluster was not looked at: ${reason}`;
  const last = previous?.plan;
  if (previous !== undefined && previous.target === request.target) {
    return { inputs: { ...previous, plan: { ...previous.plan, assumed } } };
  }
  const position: Position = {
    deployedVersion: last?.to ?? null,
    schemaOwner: last?.schemaOwner ?? null,
    highWaterMark: last?.highWaterMark ?? null,
    settled: true,
  };
  const facts = factsOf(request, {});
  if ("problems" in facts) return failed(...facts.problems);
  const outcome = ask(facts, request, position, { dataMigrations: [] });
  if (outcome.outcome === "refused") return refused(outcome.refusals);
  const unwanted = [...refuseUnsupported(outcome), ...refuseUnapproved(request, previous, outcome)];
  if (unwanted.length > 0) return refused(unwanted);
  const transition = 1 + (last?.transition ?? 0);
  return answer(request, previous, outcome, withoutNulls(position, undefined), {
    cluster: previous?.cluster,
    transition,
    lineage: transition,
    assumed,
  });
}

interface Ids {
  readonly cluster: string | undefined;
  readonly transition: number;
  readonly lineage: number;
  readonly description?: string | undefined;
  readonly assumed?: string;
}

function answer(
  request: LedgerRequest,
  previous: LedgerState | undefined,
  outcome: Plan,
  position: LedgerPosition,
  { cluster, transition, lineage, description, assumed }: Ids,
): CheckResult {
  const { approvedPlan } = request.policy;
  const approved = approvedPlan ?? (previous?.plan.lineage === lineage ? previous.plan.approved : undefined);
  const ledgerPlan: LedgerPlan = {
    transition,
    lineage,
    direction: outcome.direction,
    ...(outcome.from === null ? {} : { from: outcome.from }),
    to: outcome.to,
    steps: [...outcome.steps],
    warnings: outcome.warnings.map(({ code, message }) => `${code}: ${message}`),
    description: description ?? `transition ${transition}: deploy ${outcome.to}`,
    highWaterMark: outcome.highWaterMark,
    schemaOwner: outcome.schemaOwner,
    downtime: outcome.downtime,
    mayLoseData: outcome.mayLoseData,
    hash: planHash(outcome),
    ...(approved === undefined ? {} : { approved }),
    ...(assumed === undefined ? {} : { assumed }),
  };
  const { target, strategy, namespace, releaseName, database } = request;
  return {
    inputs: {
      target,
      strategy,
      namespace,
      releaseName,
      database,
      ...(cluster === undefined ? {} : { cluster }),
      plan: ledgerPlan,
      position,
    },
  };
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

function factsOf(
  request: LedgerRequest,
  learned: Readonly<Record<string, number>>,
): Facts | { readonly problems: readonly string[] } {
  try {
    return withLearnedSchemaVersions(withAdditions(builtInFacts, request.policy.releases), learned);
  } catch (error) {
    if (error instanceof FactsError) return { problems: error.problems };
    throw error;
  }
}

function ask(
  facts: Facts,
  { target, strategy, policy }: LedgerRequest,
  position: Position,
  finished: { readonly dataMigrations: readonly string[] },
): Outcome {
  const { allowDowntime, acknowledgeDataLoss = null, snapshots, given } = policy;
  return makePlan(
    facts,
    position,
    {
      target,
      strategy,
      allowDowntime,
      acknowledgeDataLoss,
      snapshots,
      // Values that are not known yet cannot be judged yet: every contract counts as kept until they are.
      given: given === unknownMarker ? assumedGiven(facts) : given,
    },
    { ...finished, snapshot: null },
  );
}

function assumedGiven({ contracts }: Facts) {
  return contracts.flatMap((contract) =>
    contract.kind === "required" ? [{ path: contract.key, versions: "*" }] : [],
  );
}

function positionOf({ position }: Located, { live }: Observation): LedgerPosition {
  return withoutNulls(position, live?.revision);
}

function withoutNulls(position: Position, revision: number | undefined): LedgerPosition {
  const { deployedVersion, schemaOwner, highWaterMark, settled } = position;
  return {
    ...(deployedVersion === null ? {} : { deployedVersion }),
    ...(schemaOwner === null ? {} : { schemaOwner }),
    ...(highWaterMark === null ? {} : { highWaterMark }),
    settled,
    ...(revision === undefined ? {} : { revision }),
  };
}

/** On its first creation the ledger gets an empty object. */
function previousState(olds: unknown): LedgerState | undefined {
  const isEmpty = typeof olds !== "object" || olds === null || !("plan" in olds);
  return isEmpty ? undefined : ledgerStateSchema.parse(olds);
}

function otherCluster(found: string, wanted: string): Refusal {
  return {
    code: "other-cluster",
    found: `The stack's instance runs in the cluster whose kube-system namespace has the UID ${found}, and kubeconfig and context now lead to ${wanted}.`,
    wanted: "A stack stays with the cluster that its instance was installed in.",
    remedy: "Set kubeconfig and context to that cluster, or use another stack for the other cluster.",
  };
}

function refused(refusals: readonly Refusal[]): CheckResult {
  return failed(
    ...refusals.map(({ code, found, wanted, remedy }) => `${code}: ${found} ${wanted} ${remedy}`),
  );
}

function failed(...reasons: readonly string[]): CheckResult {
  return { failures: reasons.map((reason) => ({ property: "target", reason })) };
}
