/** Revisions that Helm keeps: at least twice the longest path, on the hops and on the Release alike. */
export const helmHistoryMax = 60;
