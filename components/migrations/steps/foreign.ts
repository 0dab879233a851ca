import type { Revision } from "../cluster/helm/history";
import { isPending } from "../cluster/helm/pending";
import type { Attempt, TransitionRecord } from "../cluster/record/record";
import { isOwnDescription } from "./context";

/**
 * The first revision since a transition's newest attempt that somebody else has made. Helm gives whoever deploys the next
 * number, so our own deploy may have come after it and over it, and it may have migrated the database.
 */
export function foreignSince(
  history: readonly Revision[],
  record: TransitionRecord | null,
  transition: number,
): Revision | undefined {
  const attempt = record?.attempts.findLast((one) => one.transition === transition);
  if (attempt === undefined) return undefined;
  return history.find((one) => one.revision >= attempt.revision && !isOwn(one, attempt));
}

/** The attempt's, or a later one of the stack's Release, with other values. */
function isOwn(revision: Revision, { version }: Attempt): boolean {
  if (revision.version !== version) return false;
  // Helm describes in its own words what has not succeeded.
  return isOwnDescription(revision.description) || revision.status === "failed" || isPending(revision);
}
