import type { Revision } from "../../components/migrations/cluster/helm/history";
import {
  attemptOf,
  emptyRecord,
  type Attempt,
  type TransitionRecord,
} from "../../components/migrations/cluster/record/record";
import { transitionOf } from "../../components/migrations/steps/context";
import type { ByHandEvent, ValuesEvent } from "./events";

/** Who made a revision: an attempt on record, a transition that the record does not have, or nobody of ours. */
export interface Origin {
  readonly revision: Revision;
  readonly attempt: Attempt | undefined;
  readonly transition: number | null;
}

export function originsOf(history: readonly Revision[], record: TransitionRecord | null): Origin[] {
  return history.map((revision) => {
    const attempt = attemptThatMade(revision, record ?? emptyRecord);
    return { revision, attempt, transition: attempt?.transition ?? transitionOf(revision.description) };
  });
}

/**
 * Finds the attempt that made a revision. Our deploys describe themselves, but Helm writes its own description for
 * those that did not succeed. Revisions count from 1 again after an uninstall, so number and version alone prove
 * nothing.
 */
function attemptThatMade(revision: Revision, record: TransitionRecord): Attempt | undefined {
  const attempt = attemptOf(record, revision);
  if (attempt === undefined) return undefined;
  const told = transitionOf(revision.description);
  if (told !== null) return told === attempt.transition ? attempt : undefined;
  return isOver(revision) || isBefore(revision, attempt) ? undefined : attempt;
}

function isOver({ status }: Revision): boolean {
  return status === "deployed" || status === "superseded" || status === "uninstalled";
}

/** Whether a revision is older than an attempt. Helm's times are in whole seconds here. */
function isBefore({ deployedAt }: Revision, { at }: Attempt): boolean {
  return Date.parse(deployedAt) + 1000 <= Date.parse(at);
}

/**
 * Returns the revisions that are not deploys of a transition: made by hand, or by the stack's Release when only values
 * changed.
 */
export function freeRevisions(
  origins: readonly Origin[],
  transitions: ReadonlySet<number>,
): (ByHandEvent | ValuesEvent)[] {
  return origins.flatMap(({ revision, attempt, transition }): (ByHandEvent | ValuesEvent)[] => {
    const { version, status: helm, description, deployedAt, maintenance } = revision;
    const told = {
      at: Number.isNaN(Date.parse(deployedAt)) ? null : deployedAt,
      version,
      revision: revision.revision,
      helm,
    };
    if (attempt !== undefined) return [];
    if (transition === null) return [{ kind: "by-hand", ...told, maintenance, description }];
    return transitions.has(transition) ? [{ kind: "values", ...told }] : [];
  });
}
