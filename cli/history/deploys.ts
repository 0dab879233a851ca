import type { Attempt, TransitionRecord } from "../../components/migrations/cluster/record/record";
import { eventsOf, type RecordEvent } from "../../components/migrations/cluster/record/events";
import type { DeployEvent } from "./events";
import type { Origin } from "./revisions";

export type Failed = Extract<RecordEvent, { kind: "failed" }>;

/** A deploy with the transition it belongs to. */
export interface OwnDeploy {
  readonly transition: number;
  readonly attempt: Attempt | null;
  readonly failure: Failed | undefined;
  readonly event: Omit<DeployEvent, "schemaVersion">;
}

/** Returns our own deploys, oldest first: those on record, and those that only Helm's history still has. */
export function deploysOf(record: TransitionRecord | null, origins: readonly Origin[]): OwnDeploy[] {
  const failures = record === null ? [] : eventsOf(record).filter((event) => event.kind === "failed");
  const attempts = record?.attempts ?? [];
  const recorded = attempts.map((attempt, index) => {
    const failure = failureOf(attempt, attempts.slice(index + 1), failures);
    return {
      transition: attempt.transition,
      attempt,
      failure,
      event: recordedDeploy(attempt, origins, failure),
    };
  });
  return [...recorded, ...unrecorded(attempts, origins)];
}

/** Finds the first failure of the deploy's own steps after it began and before its transition began another deploy. */
function failureOf(
  attempt: Attempt,
  later: readonly Attempt[],
  failures: readonly Failed[],
): Failed | undefined {
  if (attempt.verifiedAt !== undefined) return undefined;
  const next = later.find(({ transition }) => transition === attempt.transition)?.at ?? "9999";
  return failures.find(
    ({ transition, version, at }) =>
      transition === attempt.transition && version === attempt.version && at >= attempt.at && at < next,
  );
}

function recordedDeploy(
  attempt: Attempt,
  origins: readonly Origin[],
  failure: Failed | undefined,
): OwnDeploy["event"] {
  const made = origins.find((origin) => origin.attempt === attempt)?.revision;
  const hasFailed = failure !== undefined || made?.status === "failed";
  const isVerified = attempt.verifiedAt !== undefined;
  return {
    kind: "deploy",
    at: attempt.at,
    ended: attempt.verifiedAt ?? failure?.at ?? null,
    version: attempt.version,
    revision: attempt.revision,
    maintenance: attempt.maintenance ?? made?.maintenance ?? false,
    result: isVerified ? "verified" : hasFailed ? "failed" : "open",
    why: isVerified ? null : (failure?.why ?? (made?.status === "failed" ? made.description : null)),
    helm: made?.status ?? null,
  };
}

/**
 * Returns deploys that are on no record, because it was lost or is of another database. Helm shows their transition,
 * but not whether they were verified.
 */
function unrecorded(attempts: readonly Attempt[], origins: readonly Origin[]): OwnDeploy[] {
  return origins.flatMap(({ revision, attempt, transition }) => {
    const isKnown = attempt !== undefined || attempts.some((one) => one.transition === transition);
    if (transition === null || isKnown) return [];
    const { version, maintenance, status, deployedAt, description } = revision;
    const hasFailed = status === "failed";
    const event: OwnDeploy["event"] = {
      kind: "deploy",
      at: deployedAt,
      ended: null,
      version,
      revision: revision.revision,
      maintenance,
      result: hasFailed ? "failed" : "open",
      why: hasFailed ? description : null,
      helm: status,
    };
    return [{ transition, attempt: null, failure: undefined, event }];
  });
}
