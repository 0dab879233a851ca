import type { Attempt } from "../record/record";
import type { Revision } from "./history";

/** Helm's words for a deploy that is under way, or that was left by a Helm which died: it begins no other then. */
export const pendingStatuses: readonly string[] = ["pending-install", "pending-upgrade", "pending-rollback"];

type Standing = Pick<Revision, "status">;

/** Another Helm deploys the release, or died while it did. */
export function isPending({ status }: Standing): boolean {
  return pendingStatuses.includes(status);
}

/** Another Helm uninstalls the release, or died while it did. That is no lock, but nothing is left to upgrade. */
export function isUninstalling({ status }: Standing): boolean {
  return status === "uninstalling";
}

/**
 * Whether a deploy that is pending may be a change of values by the stack's Release. That is no attempt, and Helm describes
 * it as any other until it has succeeded.
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

/** The command that ends the lock of a deploy that is known to have died. */
export function unlockCommand(
  { revision }: Pick<Revision, "revision">,
  { namespace, release }: Place,
): string {
  return `npx --no bsr unlock --revision ${revision} --namespace ${namespace} --release ${release}`;
}

/** What finishes an uninstall that broke off. Without the refresh Pulumi would upgrade what is gone. */
export function finishUninstall({ namespace, release }: Place): string {
  return `helm uninstall ${release} -n ${namespace}, then pulumi up --refresh, which installs it again`;
}

/** The time that Helm is given by default. */
const usualLimitSeconds = 900;

/**
 * When a deploy of our own has ended, or its Helm has died. The limit counts for each hook anew, and Helm writes down when
 * it begins one; before the next, it may also wait for the remains of an earlier one to go.
 */
export function endsBy(
  { at, limitSeconds = usualLimitSeconds }: Pick<Attempt, "at" | "limitSeconds">,
  { activeAt }: Pick<Revision, "activeAt">,
): Date {
  const active = Math.max(Date.parse(at), Date.parse(activeAt) || 0);
  return new Date(active + 2 * limitSeconds * 1000);
}
