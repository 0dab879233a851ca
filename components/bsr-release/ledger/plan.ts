import { builtInFacts, withAdditions, withLearnedSchemaVersions, type Facts } from "../../migrations/facts";
import {
  deployed,
  firstRun,
  makePlan,
  type Finished,
  type Outcome,
  type Plan,
  type Position,
  type Refusal,
  type Snapshot,
  type Warning,
} from "../../migrations/planner";
import { helmDescription } from "../../migrations/steps/context";
import { unknownMarker, type LedgerRequest } from "./request";
import type { LedgerPlan, LedgerPosition, LedgerState } from "./state";
import { deploySeconds } from "../../migrations/cluster/record/record";
import { refuseUnapproved } from "./approval";
import { adopted, deployedBefore, isAdopted, mayLackRelease, refuseUnowned } from "./adoption";
import { refuseRestore, restoredPosition, restoreOf } from "./restore";
import { handChanges } from "./hand-changes";
import { otherRecords } from "./other-records";
import { judgePromotion, type Verdict } from "./promotion";
import { withOrigins } from "./refusal-origins";
import { planHash } from "../plan/hash";
import { roughDuration } from "./rough-duration";
import { isKnown, valuesFor } from "../values/requested-values";
import { locate, type Located, type Observation, type Remembered } from "../observation/position";
import { refuseBeyondStop, refuseDrift, refuseMoved, refuseOtherCluster } from "./refusals";

/** The parts of a request that decide the plan from a position. */
export type Asked = Pick<LedgerRequest, "target" | "strategy" | "policy">;

/** What a provider's `check` answers: inputs, or failures that refuse them. */
export interface CheckResult {
  readonly inputs?: LedgerState;
  readonly failures?: readonly { readonly property: string; readonly reason: string }[];
}

/**
 * Returns the ledger's state for what is requested and observed.
 *
 * Every time, the plan is made from what is observed. The last plan is returned again only if its end is what is
 * observed; then the preview is empty. A refusal is a check failure, so that nothing is touched.
 */
export function planFromObservation(
  request: LedgerRequest,
  previous: LedgerState | undefined,
  observed: Observation,
): CheckResult {
  const located = locate(observed, remembered(previous, observed));
  const facts = factsOf(request, observed.record?.learned ?? {});
  const restore = restoreOf(request, previous, observed, facts);
  const bars = (position: Position, target: string) =>
    isBarred(ask(facts, { ...request, target }, position, nothingFinished));
  const unowned = refuseUnowned(request, previous, observed, (version) => bars(located.position, version));
  const refusals = [
    ...refuseMoved(request, previous),
    ...refuseOtherCluster(previous, observed),
    ...unowned,
    ...refuseRestore(request, previous, observed),
    // A restore is a way out of anything that was deployed by hand. A release of somebody else is not drift.
    ...(restore === null && unowned.length === 0
      ? refuseDrift(request, located, observed.history, bars)
      : []),
    ...(restore === null && located.drift === null
      ? refuseBeyondStop(facts, located.position, observed.record)
      : []),
  ];
  // A restore is a way back, no matter which version is deployed on it.
  const promotion = (outcome: Outcome): Verdict =>
    restore === null
      ? judgePromotion(request, isBegun(request, previous, observed), located.position, outcome)
      : { refusals: [], warnings: [] };
  if (refusals.length > 0) {
    const unpromoted = promotion(ask(facts, request, located.position, nothingFinished)).refusals;
    return refused([...refusals, ...unpromoted, ...refuseTarget(request)]);
  }

  const adopts = isAdopted(request, previous, observed);
  const changes = adopts ? [] : handChanges(previous, observed, located.drift);
  // A restored database is another one, and a change by hand may have undone what a lineage has finished.
  const goesOn = previous?.target === request.target && restore === null && changes.length === 0;
  const lineage = goesOn ? previous.plan.lineage : undefined;
  const finished = {
    dataMigrations: (observed.record?.dataMigrations ?? [])
      .filter((done) => done.lineage === lineage)
      .map((done) => done.version),
    snapshot: finishedSnapshot(observed, lineage),
  };
  const takesOver = adopts || mayLackRelease(previous, observed);
  const planned = ask(
    facts,
    request,
    // A release that is taken over is deployed by the stack itself, even if it was verified before.
    takesOver ? { ...located.position, settled: false } : located.position,
    finished,
    restore?.snapshot,
  );
  const outcome = adopts ? deployedBefore(planned) : planned;
  const promoted = promotion(outcome);
  if (outcome.outcome === "refused") {
    return refused([...withOrigins(outcome.refusals, located.position, observed), ...promoted.refusals]);
  }
  if (outcome.steps.length === 0 && isReached(request, previous, observed))
    return { inputs: withTold(request, previous) };

  const unwanted = [...promoted.refusals, ...refuseUnapproved(request, previous, outcome, restore?.name)];
  if (unwanted.length > 0) return refused(unwanted);

  const transition = 1 + Math.max(previous?.plan.transition ?? 0, observed.record?.transition ?? 0);
  const deploys = deployed(outcome.steps).length;
  const position = positionOf(located, observed);
  return answer(
    request,
    previous,
    outcome,
    restore === null ? position : restoredPosition(position, restore),
    {
      restore: restore?.name,
      cluster: observed.cluster,
      duration: observed.record === null ? undefined : roughDuration(deploySeconds(observed.record), deploys),
      transition,
      lineage: lineage ?? transition,
      // Nothing to deploy: what is live stays as it is, with the description it has.
      description: outcome.steps.length === 0 ? observed.live?.description : undefined,
      takesOver,
      told: [
        ...promoted.warnings,
        ...(adopts || observed.live === undefined ? otherRecords(request, observed) : []),
        ...(adopts
          ? adopted(
              observed,
              isKnown(request.observe.layers) ? valuesFor(request.observe.layers, request.target) : null,
            )
          : changes),
      ],
    },
  );
}

/**
 * Adds what the configuration says to the state. Requests that are carried out once are kept, so that the same one is
 * recognised later. Permissions are kept only while they are given.
 */
function withTold(
  { policy: { restore, restoredTo, adopt, snapshots, acknowledgeDataLoss } }: LedgerRequest,
  {
    restore: _back,
    restoredTo: _told,
    snapshots: _method,
    acknowledgeDataLoss: _accepted,
    ...state
  }: LedgerState,
): LedgerState {
  return {
    ...state,
    ...(restore === undefined ? {} : { restore }),
    ...(restoredTo === undefined ? {} : { restoredTo }),
    ...(adopt === undefined ? {} : { adopt }),
    ...(snapshots ? { snapshots } : {}),
    ...(acknowledgeDataLoss === undefined ? {} : { acknowledgeDataLoss }),
  };
}

const nothingFinished: Finished = { dataMigrations: [], snapshot: null };

/**
 * Returns the version of the lineage's last snapshot, if no user could write since (R17): it was taken with maintenance
 * on, and no revision since has had it off, verified or not.
 */
function finishedSnapshot(
  { record, history, live }: Observation,
  lineage: number | undefined,
): string | null {
  const taken = record?.snapshots.at(-1);
  if (taken === undefined || !taken.maintenance || taken.lineage !== lineage) return null;
  const since = history.filter(({ revision }) => revision >= taken.revision);
  const isThere = since.some(
    ({ revision, version }) => revision === taken.revision && version === taken.version,
  );
  return isThere && live?.maintenance === true && since.every(({ maintenance }) => maintenance)
    ? taken.version
    : null;
}

/**
 * Returns the mark and the owner as the stack knows them. A plan that was never begun raises neither, so the position
 * that it was made from counts. If record and history are both gone, nobody knows whether it was begun, and it counts
 * as done: too high is safe, too low is not.
 */
function remembered(previous: LedgerState | undefined, { record, history }: Observation): Remembered {
  const known = record === null && history.length === 0 ? previous?.plan : previous?.position;
  return { highWaterMark: known?.highWaterMark ?? null, schemaOwner: known?.schemaOwner ?? null };
}

/** Whether a deploy of this stack on the way to its present target is on record. */
function isBegun(
  { target, observe: { stack } }: LedgerRequest,
  previous: LedgerState | undefined,
  { record }: Observation,
): boolean {
  if (previous?.target !== target) return false;
  const { lineage } = previous.plan;
  return (
    record?.attempts.some((attempt) => attempt.stack === stack && attempt.transition >= lineage) === true
  );
}

/**
 * Whether the end of the last plan is what is observed. A state restored from a backup may have an older plan; and a
 * plan was never begun if another run was quicker.
 */
function isReached(
  { target, observe: { stack } }: LedgerRequest,
  previous: LedgerState | undefined,
  { record }: Observation,
): previous is LedgerState {
  if (previous?.target !== target || previous.plan.transition !== record?.transition) return false;
  const newest = record.attempts.at(-1);
  // A plan without a deploy has no attempt on record.
  return newest?.transition === record.transition
    ? newest.stack === stack
    : deployed(previous.plan.steps).length === 0;
}

/**
 * Plans from the state, for a preview that cannot see the cluster. It assumes that the last plan was carried out, and
 * says so. Without a plan, the preview would show every existing step as deleted.
 */
export function planFromState(
  request: LedgerRequest,
  previous: LedgerState | undefined,
  reason: string,
): CheckResult {
  const moved = refuseMoved(request, previous);
  if (moved.length > 0) return refused(moved);
  const assumed = `the cluster was not looked at: ${reason}`;
  const last = previous?.plan;
  if (previous !== undefined && previous.target === request.target) {
    return { inputs: withTold(request, { ...previous, plan: { ...previous.plan, assumed } }) };
  }
  const position = endOfLastPlan(previous);
  const outcome = askAt(request, position);
  const promoted = judgePromotion(request, false, position, outcome);
  if (outcome.outcome === "refused") return refused([...outcome.refusals, ...promoted.refusals]);
  const unwanted = [...promoted.refusals, ...refuseUnapproved(request, previous, outcome)];
  if (unwanted.length > 0) return refused(unwanted);
  const transition = 1 + (last?.transition ?? 0);
  return answer(request, previous, outcome, withoutNulls(position, undefined), {
    cluster: previous?.cluster,
    transition,
    lineage: transition,
    assumed,
    told: promoted.warnings,
  });
}

/** Returns the position of an instance whose last plan was carried out. */
export function endOfLastPlan(previous: LedgerState | undefined): Position {
  const last = previous?.plan;
  return {
    deployedVersion: last?.to ?? null,
    schemaOwner: last?.schemaOwner ?? null,
    highWaterMark: last?.highWaterMark ?? null,
    settled: true,
  };
}

/** Returns the planner's answer for a position that was not observed. */
export function askAt(request: Asked, position: Position, finished: Finished = nothingFinished): Outcome {
  return ask(factsOf(request, {}), request, position, finished);
}

interface Ids {
  readonly cluster: string | undefined;
  readonly transition: number;
  readonly lineage: number;
  readonly restore?: string | undefined;
  readonly description?: string | undefined;
  readonly duration?: string | undefined;
  readonly assumed?: string;
  readonly takesOver?: boolean;
  /** Warnings beside those of the planner. */
  readonly told?: readonly Warning[];
}

function answer(
  request: LedgerRequest,
  previous: LedgerState | undefined,
  outcome: Plan,
  position: LedgerPosition,
  { cluster, transition, lineage, restore, description, duration, assumed, takesOver, told = [] }: Ids,
): CheckResult {
  const { approvedPlan, deploysPerRun } = request.policy;
  // A release that is taken over is deployed twice in one run.
  const limit = takesOver === true ? Infinity : (deploysPerRun ?? Infinity);
  const { schemaOwner = null, highWaterMark = null } = position;
  const run = firstRun(outcome, { schemaOwner, highWaterMark }, limit);
  const approved = approvedPlan ?? (previous?.plan.lineage === lineage ? previous.plan.approved : undefined);
  const ledgerPlan: LedgerPlan = {
    transition,
    lineage,
    direction: run.plan.direction,
    ...(run.plan.from === null ? {} : { from: run.plan.from }),
    to: run.plan.to,
    steps: [...run.plan.steps],
    ...(run.later.length === 0 ? {} : { later: [...run.later] }),
    warnings: [...run.plan.warnings, ...told].map(({ code, message }) => `${code}: ${message}`),
    description: description ?? helmDescription({ transition }, run.plan.to),
    highWaterMark: run.plan.highWaterMark,
    schemaOwner: run.plan.schemaOwner,
    downtime: run.plan.downtime,
    mayLoseData: run.plan.mayLoseData,
    hash: planHash(outcome, restore),
    ...(approved === undefined ? {} : { approved }),
    ...(duration === undefined ? {} : { duration }),
    ...(restore === undefined ? {} : { restore }),
    ...(takesOver === true ? { takesOver } : {}),
    ...(previous === undefined ? {} : { forgets: previous.plan.transition }),
    ...(assumed === undefined ? {} : { assumed }),
  };
  const { target, strategy, namespace, releaseName, database } = request;
  return {
    inputs: withTold(request, {
      target,
      strategy,
      namespace,
      releaseName,
      database,
      ...(cluster === undefined ? {} : { cluster }),
      ...(previous?.adopt === undefined ? {} : { adopt: previous.adopt }),
      plan: ledgerPlan,
      position,
    }),
  };
}

/** Refuses a target that cannot be reached from any position (R1), so that it is reported along with other refusals. */
export function refuseTarget(request: LedgerRequest): readonly Refusal[] {
  const nothing = { deployedVersion: null, schemaOwner: null, highWaterMark: null, settled: true };
  const outcome = ask(factsOf(request, {}), request, nothing, nothingFinished);
  if (outcome.outcome === "plan") return [];
  return outcome.refusals.filter(({ code }) => code === "invalid-version" || code === "unknown-release");
}

/** Returns the facts with the user's releases and the schema versions that running releases have shown. */
export function factsOf(request: Pick<Asked, "policy">, learned: Readonly<Record<string, number>>): Facts {
  return withLearnedSchemaVersions(withAdditions(builtInFacts, request.policy.releases), learned);
}

function ask(
  facts: Facts,
  { target, strategy, policy }: Asked,
  position: Position,
  finished: Finished,
  restore: Snapshot | null = null,
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
      restore,
      // Values that are not known yet cannot be judged yet: every contract counts as kept until they are.
      given: given === unknownMarker ? assumedGiven(facts) : given,
    },
    finished,
  );
}

/** Whether the target would not know the database, or the database would go back further than it may. */
function isBarred(outcome: Outcome): boolean {
  return (
    outcome.outcome === "refused" &&
    outcome.refusals.some(({ code }) => code === "unfinished-maintenance" || code === "below-high-water-mark")
  );
}

function assumedGiven({ contracts }: Facts) {
  return contracts.flatMap((contract) =>
    contract.kind === "required" ? [{ path: contract.key, versions: "*" }] : [],
  );
}

function positionOf({ position }: Located, { live, record }: Observation): LedgerPosition {
  const isStopped = record?.restoring != null;
  return { ...withoutNulls(position, live?.revision), ...(isStopped ? { stopped: true } : {}) };
}

function withoutNulls(position: Position, revision: number | undefined): LedgerPosition {
  const { deployedVersion, schemaOwner, highWaterMark, settled, maintenance } = position;
  return {
    ...(deployedVersion === null ? {} : { deployedVersion }),
    ...(schemaOwner === null ? {} : { schemaOwner }),
    ...(highWaterMark === null ? {} : { highWaterMark }),
    settled,
    ...(maintenance === true ? { maintenance } : {}),
    ...(revision === undefined ? {} : { revision }),
  };
}

/** Returns a result that refuses, with each refusal as a text. */
export function refused(refusals: readonly Refusal[]): CheckResult {
  return failed(
    ...refusals.map(
      ({ code, found, wanted, remedy }) =>
        `${code}\n  found:  ${found}\n  wanted: ${wanted}\n  remedy: ${remedy}`,
    ),
  );
}

/** Returns the texts of a check's failures. */
export function reasonsOf({ failures = [] }: CheckResult): string[] {
  return failures.map(({ reason }) => reason);
}

/** Returns a result that fails with these texts. */
export function failed(...reasons: readonly string[]): CheckResult {
  return { failures: reasons.map((reason) => ({ property: "target", reason })) };
}
