import { liveRevision, readHelmHistory, type Revision } from "../cluster/helm/history";
import {
  finishUninstall,
  isPending,
  isUninstalling,
  mayChangeValues,
  unlockCommand,
} from "../cluster/helm/pending";
import {
  attemptOf,
  isVerified,
  readRecord,
  updateRecord,
  verifiedOf,
  type TransitionRecord,
} from "../cluster/record/record";
import { withAttempt } from "../cluster/record/changes";
import { thisRun } from "../cluster/run/local-run";
import type { Context } from "./context";
import { StepFailure } from "./failure";
import type { Expectation, Precondition, Setting, Step } from "./input";
import { readCurrentSchema } from "./health";
import { refuseReplacedDatabase } from "./used-database";

/** What a step finds when it begins. */
export interface Situation {
  readonly live: Revision | undefined;
  /** The number of Helm's newest revision; 0 if there is none. */
  readonly newest: number;
  readonly record: TransitionRecord | null;
}

export async function readSituation({ cluster, setting, record }: Context): Promise<Situation> {
  const history = await readHelmHistory(cluster, setting.namespace, setting.release);
  return {
    live: liveRevision(history),
    newest: history.at(-1)?.revision ?? 0,
    record: await readRecord(cluster, record),
  };
}

/**
 * Begins a deploy: refuses if what is live is not what the plan was made for, then puts the attempt on record BEFORE
 * anything is deployed. It reads again what is live, as a chart or a rehearsal may have taken an hour. Returns what it
 * found.
 */
export async function beginAttempt(context: Context, step: Expectation & Precondition): Promise<Situation> {
  const { setting } = context;
  const situation = await readSituation(context);
  checkPrecondition(context, step, situation);
  const { live, newest } = situation;
  const revision = newest + 1;
  const isFirst = step.after === null;
  if (isFirst && !step.keepsSchema) await refuseReplacedDatabase(context, situation);
  const schemaBefore = step.keepsSchema ? await readCurrentSchema(context, live) : null;
  await updateRecord(context.cluster, context.record, (stored) => {
    const attempt = {
      version: step.version,
      revision,
      transition: setting.transition,
      at: new Date().toISOString(),
      stack: setting.stack,
      schemaBefore,
      lineage: setting.lineage,
      run: thisRun(),
      limitSeconds: step.timeoutSeconds,
      maintenance: step.maintenance,
      from: live === undefined ? null : (stored.verified?.version ?? live.version),
    };
    return withAttempt(stored, attempt, setting, isFirst);
  });
  return situation;
}

/**
 * Whether everything that the step's transition deploys was verified and is live. If a step's resource was removed from
 * the stack's state since (`pulumi state delete`, a state from a backup), the engine runs the step once more, with
 * nothing to do.
 */
export async function isOver({ cluster, setting, record: address }: Context, step: Ending): Promise<boolean> {
  const record = await readRecord(cluster, address);
  if (record === null || setting.deploys === 0) return false;
  if (verifiedOf(record, setting.transition).length < setting.deploys) return false;
  const live = liveRevision(await readHelmHistory(cluster, setting.namespace, setting.release));
  return isEnd(setting, step, { live, record });
}

/** The part of a step that shows whether its transition has reached its end. */
type Ending = Pick<Step, "kind"> & { readonly version: string };

/**
 * Whether the end of a transition is live. A run with a copy of the state may have given another transition the same
 * number.
 */
export function isEnd(
  { transition }: Pick<Setting, "transition">,
  { kind, version }: Ending,
  { live, record }: Pick<Situation, "live" | "record">,
): boolean {
  const isOfStep = kind !== "gate" || live?.version === version;
  return isOfStep && record?.attempts.at(-1)?.transition === transition && isVerified(record, live);
}

/** Withdraws an attempt that Helm refused before it made a revision. The mark stays raised, which is safe. */
export async function withdrawAttempt(context: Context, revision: number): Promise<void> {
  await updateRecord(context.cluster, context.record, (stored) => ({
    ...stored,
    attempts: stored.attempts.filter(
      (attempt) =>
        attempt.revision !== revision ||
        attempt.transition !== context.setting.transition ||
        attempt.verifiedAt !== undefined,
    ),
  }));
}

/** Refuses if what is live is not what the step was planned for. */
export function checkPrecondition(
  context: Pick<Context, "setting">,
  step: Precondition,
  { live, record }: Pick<Situation, "live" | "record">,
): void {
  refuseIfLocked(context, live, record);
  refuseIfMoved(context, step, live, record);
}

function refuseIfLocked(
  { setting }: Pick<Context, "setting">,
  live: Revision | undefined,
  record: TransitionRecord | null,
): void {
  if (live === undefined) return;
  if (isUninstalling(live)) throw uninstalling(setting, live);
  if (!isPending(live)) return;
  throw new StepFailure(
    `Helm holds release ${setting.release}: revision ${live.revision} (${live.version}) has been ${live.status} since ${live.deployedAt}, ${madeBy(live, record)}; ` +
      "another Helm operation is running, or one died while it ran",
    "nothing was changed by this step; what was running before still serves",
    `wait until helm status ${setting.release} -n ${setting.namespace} says deployed or failed, then run pulumi up again. ` +
      `If you know that it died: ${unlockCommand(live, setting)}`,
  );
}

function uninstalling(setting: Setting, { revision, version }: Revision): StepFailure {
  const { release, namespace } = setting;
  return new StepFailure(
    `release ${release} is being uninstalled, or its uninstall broke off: Helm says of revision ${revision} (${version}): uninstalling`,
    "nothing was changed by this step; some objects of the release may be gone",
    `wait until helm status ${release} -n ${namespace} finds no release. If the uninstall broke off, finish it with ` +
      finishUninstall(setting),
  );
}

/** Says who made a revision, as far as that is known. */
function madeBy(live: Revision, record: TransitionRecord | null): string {
  const own = record === null ? undefined : attemptOf(record, live);
  if (own === undefined && mayChangeValues(live, record?.verified))
    return `by hand, or by a pulumi up that changed values (${live.description})`;
  return own === undefined
    ? `which no transition deployed (${live.deployedAt}: ${live.description})`
    : `which stack ${own.stack} began at ${own.at} as part of transition ${own.transition}`;
}

function refuseIfMoved(
  { setting }: Pick<Context, "setting">,
  step: Precondition,
  live: Revision | undefined,
  record: TransitionRecord | null,
): void {
  const found =
    live === undefined ? "nothing" : `${live.version} at revision ${live.revision}, ${madeBy(live, record)}`;
  // An earlier run of this transition made this deploy, so the step continues it.
  const ownBegun = record?.attempts.some(
    (attempt) =>
      attempt.transition === setting.transition &&
      attempt.version === step.version &&
      attempt.revision === live?.revision,
  );
  if (ownBegun === true) return;
  const holds =
    step.after === null
      ? (live?.revision ?? null) === step.plannedAtRevision
      : live?.version === step.after && isVerified(record, live);
  if (holds) return;
  const wanted =
    step.after === null
      ? `revision ${step.plannedAtRevision ?? "none"}, which the plan was made for`
      : `${step.after} as the step before verified it`;
  throw new StepFailure(
    `release ${setting.release} was changed while the transition ran: found ${found}, wanted ${wanted}`,
    "nothing was changed by this step; what is live goes on serving",
    "run pulumi preview: it plans again from what is there now",
  );
}
