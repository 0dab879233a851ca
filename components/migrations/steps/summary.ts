import type { Attempt, TransitionRecord } from "../cluster/record/record";
import { deployCount } from "../deploy-count";
import { duration } from "./duration";

/**
 * Sums up a transition in one line, once its last deploy is verified: from, to, deploys, time since its first attempt.
 */
export function summaryOf({ attempts }: TransitionRecord, last: Attempt): string {
  const walk = walkTo(attempts, last);
  const [first = last] = walk;
  const deploys = walk.filter(({ verifiedAt }) => verifiedAt !== undefined).length;
  const time = duration(Date.parse(last.verifiedAt ?? last.at) - Date.parse(first.at));
  const again = new Set(walk.map(({ transition }) => transition)).size - 1;
  const taken = again === 0 ? "" : `, taken up again ${again === 1 ? "1 time" : `${again} times`}`;
  return `${wayOf(first, last, deploys)}, ${time}${taken}`;
}

function wayOf({ from }: Attempt, { version }: Attempt, deploys: number): string {
  if (from === null || from === undefined) return `${version} installed`;
  if (from === version) return `${version} deployed again`;
  return `${from} to ${version} in ${deployCount(deploys)}`;
}

/** Returns the attempts of a lineage up to the last one, without those of an earlier time it reached its target. */
function walkTo(attempts: readonly Attempt[], last: Attempt): readonly Attempt[] {
  if (last.lineage === undefined) return [last];
  const upTo = attempts
    .slice(0, attempts.indexOf(last) + 1)
    .filter(({ lineage }) => lineage === last.lineage);
  const reached = upTo
    .slice(0, -1)
    .findLastIndex(({ version, verifiedAt }) => version === last.version && verifiedAt !== undefined);
  return upTo.slice(reached + 1);
}
