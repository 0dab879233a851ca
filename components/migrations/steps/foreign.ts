import type { Revision } from "../cluster/helm/history";
import { isPending } from "../cluster/helm/pending";
import type { Attempt, TransitionRecord } from "../cluster/record/record";
import { isOwnDescription } from "./context";

/**
 * Returns the first revision that somebody else made since a transition's newest attempt. Helm gives every deploy the
 * next number, so our own deploy may have come after that one and replaced it, and it may have migrated the database.
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

/** Whether a revision is the attempt's, or a later one that the stack's Release made with other values. */
function isOwn(revision: Revision, { version }: Attempt): boolean {
  if (revision.version !== version) return false;
  // If a deploy has not succeeded, Helm writes its own description.
  return isOwnDescription(revision.description) || revision.status === "failed" || isPending(revision);
}
