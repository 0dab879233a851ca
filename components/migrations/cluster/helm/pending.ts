import { openAttemptOf, type Attempt, type TransitionRecord } from "../record/record";
import type { Revision } from "./history";

/** Helm's statuses of a deploy that is under way or whose Helm died. Helm begins no other deploy meanwhile. */
export const pendingStatuses: readonly string[] = ["pending-install", "pending-upgrade", "pending-rollback"];

type Standing = Pick<Revision, "status">;

/** Whether another Helm deploys the release, or died while it did. */
export function isPending({ status }: Standing): boolean {
  return pendingStatuses.includes(status);
}

/** Whether another Helm uninstalls the release, or died while it did. This is not a lock, but nothing is left to upgrade. */
export function isUninstalling({ status }: Standing): boolean {
  return status === "uninstalling";
}

/**
 * Whether a pending deploy may be a change of values by the stack's Release. Such a deploy is not an attempt, and until it
 * has succeeded Helm describes it like any other.
 */
export function mayChangeValues(
  live: Pick<Revision, "status" | "version">,
  verified: { readonly version: string } | null | undefined,
): boolean {
  return isPending(live) && live.version === verified?.version;
}

interface Place {
  readonly namespace: string;
  readonly release: string;
}

/** Returns the command that ends the lock of a deploy that is known to have died. */
export function unlockCommand(
  { revision }: Pick<Revision, "revision">,
  { namespace, release }: Place,
): string {
  return `npx --no bsr unlock --revision ${revision} --namespace ${namespace} --release ${release}`;
}

/** Says how to finish an uninstall that broke off. Without the refresh, Pulumi would upgrade a release that is gone. */
export function finishUninstall({ namespace, release }: Place): string {
  return `helm uninstall ${release} -n ${namespace}, then pulumi up --refresh, which installs it again`;
}

/** The time that Helm gets by default. */
const usualLimitSeconds = 900;

/**
 * Returns the time by which a deploy of our own has ended or its Helm has died. The limit starts again with each hook,
 * and Helm records when it begins one. Before the next one it may also wait for the objects of an earlier one to go.
 */
export function endsBy(
  { at, limitSeconds = usualLimitSeconds }: Pick<Attempt, "at" | "limitSeconds">,
  { activeAt }: Pick<Revision, "activeAt">,
): Date {
  const active = Math.max(Date.parse(at), Date.parse(activeAt) || 0);
  return new Date(active + 2 * limitSeconds * 1000);
}

/** A deploy of our own that Helm has not ended. */
export interface PendingDeploy {
  readonly attempt: Attempt;
  readonly endsBy: Date;
}

/** Returns our own deploy for which the live revision is pending. */
export function pendingDeploy({
  live,
  record,
}: {
  readonly live: Revision | undefined;
  readonly record: TransitionRecord | null;
}): PendingDeploy | undefined {
  if (live === undefined || record === null || !isPending(live)) return undefined;
  const attempt = openAttemptOf(record, live);
  return attempt === undefined ? undefined : { attempt, endsBy: endsBy(attempt, live) };
}
