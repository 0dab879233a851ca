/** The number of revisions that Helm keeps, for hops and for the Release: at least twice the longest path. */
export const helmHistoryMax = 60;
