import { deployCount } from "../../migrations/deploy-count";

/** The number of newest deploys that the estimate is made from. */
const deploysAsked = 20;

/**
 * Estimates how long the deploys of a plan will take, from earlier ones of this instance. It uses the median, as a
 * deploy that waited for a person says nothing about the next one. Without earlier deploys there is no estimate.
 */
export function roughDuration(earlier: readonly number[], deploys: number): string | undefined {
  const asked = earlier.slice(-deploysAsked).sort((a, b) => a - b);
  const median = asked[Math.floor(asked.length / 2)];
  if (median === undefined || deploys === 0) return undefined;
  const took = `took about ${rounded(median)}`;
  const why = asked.length === 1 ? `an earlier one ${took}` : `${asked.length} earlier ones ${took} each`;
  return `about ${rounded(median * deploys)} for ${deployCount(deploys)}, as ${why}`;
}

function rounded(seconds: number): string {
  if (seconds < 90) return `${Math.max(5, Math.round(seconds / 5) * 5)} s`;
  return `${Math.round(seconds / 60)} min`;
}
