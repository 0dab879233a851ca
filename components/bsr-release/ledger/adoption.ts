import type { Revision } from "../../migrations/cluster/helm/history";
import { isPending, isUninstalling, unlockCommand } from "../../migrations/cluster/helm/pending";
import {
  emptyRecord,
  restoredRevision,
  verifiedInThisLife,
  verifiedOf,
  type TransitionRecord,
} from "../../migrations/cluster/record/record";
import { deployed, type Outcome, type Refusal, type Warning } from "../../migrations/planner";
import { describeRevision } from "./hand-changes";
import type { LedgerRequest } from "./request";
import type { LedgerState } from "./state";
import type { Observation } from "../observation/position";
import { changedPaths, type Values } from "../values/values";

/**
 * Whether the stack is to take over a running release that it has no Release of, because it was installed by hand or
 * the stack's state was lost. Only the configuration can decide that. `adopt` names the newest revision, so that it
 * applies to what the user looked at, and to nothing later. If it stays in the configuration, it does not apply again.
 */
export function isAdopted(
  { policy: { adopt } }: LedgerRequest,
  previous: LedgerState | undefined,
  observed: Observation,
): boolean {
  const { live } = observed;
  if (live === undefined || adopt !== live.revision) return false;
  // An adoption that is done stays done, even if a later revision gets its number after an uninstall.
  return (
    previous?.adopt !== adopt || (previous.plan.takesOver === true && mayLackRelease(previous, observed))
  );
}

/** Refuses to create a Release where Helm already has one of that name, unless that one is taken over. */
export function refuseUnowned(
  request: LedgerRequest,
  previous: LedgerState | undefined,
  observed: Observation,
  /** Whether the database does not allow what runs to be deployed again. */
  isBarred: (version: string) => boolean,
): Refusal[] {
  const { live } = observed;
  if (isAdopted(request, previous, observed)) return refuseOtherVersion(request, observed, isBarred);
  if (previous !== undefined) return [];
  return live === undefined ? refuseNothing(request) : [notOwned(request, observed, live)];
}

function notOwned(
  { namespace, releaseName, policy: { adopt }, observe: { stack } }: LedgerRequest,
  { record }: Observation,
  live: Revision,
): Refusal {
  const newest = record?.attempts.at(-1);
  const who =
    newest === undefined
      ? "no transition is on record"
      : `the last transition on record is of stack ${newest.stack}, begun at ${newest.at}`;
  const asked = adopt === undefined ? "" : ` adopt is ${adopt}.`;
  // The engine does not let a replaced ledger be distinguished from one that never existed.
  const whose =
    newest?.stack === stack
      ? "If this stack's ledger is tainted, run pulumi state untaint with its URN (pulumi stack --show-urns); if --replace " +
        "names it, leave that out. If the stack's state is lost, bring it back (pulumi stack import)"
      : "Select the stack that owns it, or bring its state back (pulumi stack import)";
  return {
    code: "release-not-owned",
    found: `Helm has a release ${releaseName} in the namespace ${namespace}, ${describeRevision(live)}, and this stack's state does not have it; ${who}.${asked}`,
    wanted: "A stack deploys a release that is its own: one instance has one stack.",
    remedy:
      whileHelmWorks({ namespace, release: releaseName }, live) ??
      `${whose}. If it was installed by hand, or ` +
        `that state is gone for good, take it over: version: ${live.version} and adopt: ${live.revision}, then pulumi up. ` +
        "For another instance, set releaseName or namespace to others.",
  };
}

/** Returns the remedy while Helm works on the release: that has to end first. */
function whileHelmWorks(
  place: { readonly namespace: string; readonly release: string },
  live: Revision,
): string | undefined {
  const wait = "Wait until that Helm operation has ended, then run pulumi preview again.";
  if (isPending(live))
    return `${wait} If you know that it died, end its lock: ${unlockCommand(live, place)}.`;
  if (!isUninstalling(live)) return undefined;
  return `${wait} If it broke off, finish it: helm uninstall ${place.release} -n ${place.namespace}.`;
}

function refuseOtherVersion(
  { target, policy }: LedgerRequest,
  { live, record, history }: Observation,
  isBarred: (version: string) => boolean,
): Refusal[] {
  if (live === undefined || live.version === target) return [];
  // A restore, planned or done since, has a version of its own; and an unfinished jump has only one way out.
  const isToBe = policy.restore !== undefined || policy.restoredTo !== undefined;
  if (isToBe || live.revision <= restoredRevision(record, history) || isBarred(live.version)) return [];
  return [
    {
      code: "adopted-at-its-version",
      found: `Revision ${live.revision}, which adopt names, runs ${live.version}, and version is ${target}.`,
      wanted: "A release is taken over at the version that runs, and bumped after that.",
      remedy:
        `Set version to ${live.version} and run pulumi up; then remove adopt: ${policy.adopt}, ` +
        `and set version to ${target}.`,
    },
  ];
}

/** Refuses `adopt` without a release: somebody who expects a release to be there would get an empty one. */
function refuseNothing({ namespace, releaseName, policy: { adopt } }: LedgerRequest): Refusal[] {
  if (adopt === undefined) return [];
  return [
    {
      code: "nothing-to-adopt",
      found: `adopt is ${adopt}, and Helm has no release ${releaseName} in the namespace ${namespace}.`,
      wanted: "adopt names the newest revision of a release that runs.",
      remedy: `Set kubeconfig, context, namespace and releaseName to where helm list shows it, or remove adopt to install a new one.`,
    },
  ];
}

/**
 * Repeats the last deploy, first with Helm and then with the Release, because an upgrade removes what chart and values
 * no longer have. What the Release then takes over is exactly what it would deploy itself.
 */
export function deployedBefore(outcome: Outcome): Outcome {
  if (outcome.outcome !== "plan") return outcome;
  const last = outcome.steps.at(-1);
  return last?.kind === "deploy" ? { ...outcome, steps: [...outcome.steps, last] } : outcome;
}

/** Says what is taken over, and which of its values change. */
export function adopted({ live }: Observation, configured: Values | null): Warning[] {
  if (live === undefined) return [];
  const paths = configured === null ? [] : changedPaths(live.values, configured);
  const values =
    configured === null
      ? "Whether the configured values are those that it has will only be known at pulumi up."
      : paths.length === 0
        ? "The configured values are those that it has, so no pod is restarted."
        : `The configured values differ from those that it has in ${paths.join(", ")}; pods restart only where that changes them.`;
  return [
    {
      code: "adopted",
      message: `${describeRevision(live)} becomes this stack's, with its history. ${values} Remove adopt afterwards.`,
    },
  ];
}

/**
 * Whether Helm may have the release while the stack has no Release of it. That is so:
 *
 * - while a release is taken over;
 * - after an installation of our own that was never verified, as its run may have died before it informed the engine;
 * - if somebody uninstalled it and installed it again, as a refresh in between made the engine forget it.
 *
 * If the stack does have the Release, taking it over changes nothing that runs.
 */
export function mayLackRelease(
  previous: LedgerState | undefined,
  { live, record, history }: Pick<Observation, "live" | "record" | "history">,
): boolean {
  if (previous === undefined || live === undefined) return false;
  if (isOfLaterLife(record, history)) return true;
  const { transition, steps, direction, takesOver } = previous.plan;
  if (direction !== "install" && takesOver !== true) return false;
  // The last deploy is verified only after the Release has made it. Without the record, nothing counts as verified.
  return verifiedOf(record ?? emptyRecord, transition).length < Math.max(1, deployed(steps).length);
}

/** Whether the last verified or restored revision belongs to a life of the release that an uninstall has ended. */
function isOfLaterLife(record: TransitionRecord | null, history: Observation["history"]): boolean {
  if (record === null) return false;
  return record.verified === null
    ? record.restores.length > 0 && restoredRevision(record, history) === 0
    : verifiedInThisLife(record, history) === null;
}
