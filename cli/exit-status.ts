/**
 * There is a plan, even an empty one; what was asked for could be read; the instance is healthy; help was asked for.
 */
export const EXIT_OK = 0;
/** What was asked for could not be read; the reason is on standard error, and nothing is on standard output. */
export const EXIT_UNREADABLE = 1;
/** The command was called wrongly; nothing is written to standard output. */
export const EXIT_USAGE = 2;
/** The plan is refused. */
export const EXIT_REFUSED = 3;
/** A run works on the instance, or a rollout is under way: wait. */
export const EXIT_IN_TRANSITION = 4;
/** Somebody has to look at the instance. */
export const EXIT_NEEDS_ATTENTION = 5;
