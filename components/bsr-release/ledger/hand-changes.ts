import { describeEdited } from "../../migrations/cluster/pods/images";
import {
  openAttemptOf,
  verifiedInThisLife,
  type TransitionRecord,
} from "../../migrations/cluster/record/record";
import type { Revision } from "../../migrations/cluster/helm/history";
import { isOwnDescription } from "../../migrations/steps/context";
import type { Warning } from "../../migrations/planner";
import type { LedgerState } from "./state";
import type { Drift, Observation } from "../observation/position";
import { changedPaths } from "../values/values";

/** Returns warnings about what people changed without a transition, for the plan that deals with it. */
export function handChanges(
  previous: LedgerState | undefined,
  observed: Observation,
  drift: Drift | null,
): Warning[] {
  return [
    ...(drift === null ? changedByHand(observed) : [takenOver(drift)]),
    ...uninstalled(previous, observed),
    ...edited(observed),
  ];
}

/** Describes a revision as the subject of a sentence: what, when, and Helm's words. Helm does not say who made it. */
export function describeRevision({ version, revision, status, deployedAt, description }: Revision): string {
  return `${version} at Helm revision ${revision} (${status} at ${deployedAt}: ${description})`;
}

function takenOver({ live }: Drift): Warning {
  return {
    code: "taken-over",
    message:
      `No transition deployed ${describeRevision(live)}. This plan deploys it again, with the configured values, ` +
      "verifies it and takes it over; schema owner and high-water mark count it from then on.",
  };
}

/** Warns of later revisions that no transition made, while the live one has the verified version. */
function changedByHand({ history, live, record }: Observation): Warning[] {
  const verified = verifiedInThisLife(record, history);
  if (live === undefined || verified === null) return [];
  const before = history.find(({ revision }) => revision === verified.revision);
  const foreign = history.filter(
    (one) => one.revision > verified.revision && isForeign(one, record, verified.version),
  );
  if (before === undefined || foreign.length === 0) return [];
  const paths = foreign.includes(live) ? changedPaths(before.values, live.values) : [];
  const changed = [
    ...(live.maintenance && !before.maintenance ? [" It turned maintenance on."] : []),
    ...(paths.length === 0
      ? []
      : [` Values that differ from those that were verified: ${paths.join(", ")}.`]),
  ];
  return [
    {
      code: "changed-by-hand",
      message:
        `No transition deployed ${foreign.map(describeRevision).join(", nor ")}.${changed.join("")} ` +
        "This plan deploys with the configured values, which undoes what was changed by hand.",
    },
  ];
}

/** A failed deploy of the verified version may be a change of values, which is not recorded as an attempt. */
function isForeign(revision: Revision, record: TransitionRecord | null, verified: string): boolean {
  if (isOwnDescription(revision.description)) return false;
  if (record !== null && openAttemptOf(record, revision) !== undefined) return false;
  return revision.status !== "failed" || revision.version !== verified;
}

/** Warns of an uninstall by hand. The engine still believes that there is a Release; only a refresh corrects that. */
function uninstalled(previous: LedgerState | undefined, { live, history, record }: Observation): Warning[] {
  if (previous === undefined || live !== undefined || !wasDeployed(previous, record)) return [];
  const { namespace, releaseName } = previous;
  const first =
    history.length === 0
      ? ""
      : `Helm has kept its history: remove that with helm uninstall ${releaseName} -n ${namespace}. `;
  return [
    {
      code: "uninstalled",
      message:
        `Helm has no release ${releaseName}, which this stack deployed: it was uninstalled by hand. ` +
        `${first}This plan installs it again on the same database. Run it as pulumi up --refresh, ` +
        "so that Pulumi forgets the Release that is gone; without it Helm refuses with: has no deployed releases.",
    },
  ];
}

/** Whether this stack deployed the release, in its present life. */
function wasDeployed({ position, plan }: LedgerState, record: TransitionRecord | null): boolean {
  const isOfPlan = record?.attempts.some(
    ({ transition, open }) => transition >= plan.transition && open === undefined,
  );
  return position.revision !== undefined || isOfPlan === true;
}

function edited({ edited: found }: Observation): Warning[] {
  if (found.length === 0) return [];
  const versions = found.flatMap(({ version }) => version ?? []);
  const raised =
    versions.length === 0
      ? ""
      : ` Its release counts as deployed, as it may have migrated the database: ${[...new Set(versions)].join(", ")}.`;
  return [
    {
      code: "edited-by-hand",
      message: `${found.map(describeEdited).join("; ")}.${raised} This plan deploys again what the chart has.`,
    },
  ];
}
