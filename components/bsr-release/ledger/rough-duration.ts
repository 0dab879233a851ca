/** How many of the newest deploys say how long the next ones take. */
const deploysAsked = 20;

/**
 * What the deploys of a plan will roughly take, from how long earlier ones of this instance took; the median, as one
 * that waited for a person says nothing of the next. Nothing is said without any.
 */
export function roughDuration(earlier: readonly number[], deploys: number): string | undefined {
  const asked = earlier.slice(-deploysAsked).sort((a, b) => a - b);
  const median = asked[Math.floor(asked.length / 2)];
  if (median === undefined || deploys === 0) return undefined;
  const of = asked.length === 1 ? "an earlier one" : `${asked.length} earlier ones`;
  return `about ${rounded(median * deploys)} for ${deploys === 1 ? "1 deploy" : `${deploys} deploys`}, as ${of} took about ${rounded(median)} each`;
}

function rounded(seconds: number): string {
  if (seconds < 90) return `${Math.max(5, Math.round(seconds / 5) * 5)} s`;
  return `${Math.round(seconds / 60)} min`;
}
