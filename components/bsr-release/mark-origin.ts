import type { Refusal } from "../migrations/planner";
import type { Observation } from "./position";

/** Refusals for the high-water mark, with what tells the mark: who goes back has to know what was tried, and when. */
export function withMarkOrigin(
  refusals: readonly Refusal[],
  mark: string | null,
  observed: Observation,
): Refusal[] {
  return refusals.map((refusal) =>
    refusal.code === "below-high-water-mark" && mark !== null
      ? { ...refusal, found: `${refusal.found} ${originOf(mark, observed)}` }
      : refusal,
  );
}

function originOf(mark: string, { record, history }: Observation): string {
  const attempt = record?.attempts.findLast(({ version }) => version === mark);
  if (attempt !== undefined) {
    const { at, stack, revision, verifiedAt } = attempt;
    const end = verifiedAt === undefined ? "and never verified" : `and verified at ${verifiedAt}`;
    return `The stack ${stack} attempted it at ${at} (Helm revision ${revision}), ${end}.`;
  }
  const revision = history.findLast(({ version }) => version === mark);
  if (revision !== undefined) {
    return `Helm's revision ${revision.revision} deployed it (${revision.status}: ${revision.description}), and no transition of this component did.`;
  }
  if (record?.highWaterMark === mark) return "The cluster's record says so; its attempt is no longer listed.";
  return "The stack's own state says so; neither the cluster's record nor Helm's history has it any more.";
}
