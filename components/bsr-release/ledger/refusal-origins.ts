import type { Position, Refusal } from "../../migrations/planner";
import { isOwnDescription } from "../../migrations/steps/context";
import type { Observation } from "../observation/position";

/** Adds where the mark and the owner come from. To go back, a user must know what was attempted, and when. */
export function withOrigins(
  refusals: readonly Refusal[],
  { highWaterMark, schemaOwner }: Position,
  observed: Observation,
): Refusal[] {
  return refusals.map((refusal) => {
    if (refusal.code === "below-high-water-mark" && highWaterMark !== null) {
      return { ...refusal, found: `${refusal.found} ${originOf(highWaterMark, observed)}` };
    }
    if (refusal.code === "unfinished-maintenance" && schemaOwner !== null) {
      return withOwnerByHand(refusal, schemaOwner, observed);
    }
    return refusal;
  });
}

/** An owner deployed by hand is not a jump that could be continued: it is deployed once more, and taken over. */
function withOwnerByHand(refusal: Refusal, owner: string, observed: Observation): Refusal {
  const isEdited = observed.edited.some(({ version }) => version === owner);
  if (isEdited) return { ...refusal, found: `${refusal.found} ${originOf(owner, observed)}` };
  const revision = observed.history.findLast(({ version }) => version === owner);
  if (revision === undefined || isAttempted(owner, observed) || isOwnDescription(revision.description)) {
    return refusal;
  }
  return {
    ...refusal,
    found: `${refusal.found} ${originOf(owner, observed)}`,
    remedy:
      `${refusal.remedy} Or bring ${owner} back, which knows the database: helm rollback of the release to revision ` +
      `${revision.revision}, then version: ${owner} and pulumi up.`,
  };
}

function isAttempted(asked: string, { record }: Observation): boolean {
  return record?.attempts.some(({ version }) => version === asked) === true;
}

function originOf(asked: string, { record, history, edited }: Observation): string {
  const attempt = record?.attempts.findLast(({ version }) => version === asked);
  if (attempt !== undefined) {
    const { at, stack, revision, verifiedAt } = attempt;
    const end = verifiedAt === undefined ? "and never verified it" : `and verified it at ${verifiedAt}`;
    return `The stack ${stack} attempted it at ${at} (Helm revision ${revision}), ${end}.`;
  }
  const revision = history.findLast(({ version }) => version === asked);
  if (revision !== undefined) {
    return `Helm's revision ${revision.revision} deployed it (${revision.status}: ${revision.description}), and no transition of this component did.`;
  }
  const image = edited.find(({ version }) => version === asked);
  if (image !== undefined) return `${image.container} has its image, edited by hand.`;
  if (record?.highWaterMark === asked)
    return "The cluster's record says so; its attempt is no longer listed.";
  return "The stack's own state says so; neither the cluster's record nor Helm's history has it any more.";
}
