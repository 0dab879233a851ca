/** What follows the options in `bsr unlock --help`. */
export const unlockHelp = `
It refuses a revision that is not the newest or not pending, and while a run of ours works on the release. What was
deployed is not touched, and no rollback is made: the revision stays in Helm's history as failed. One that is pending-install
is removed from it, so that the release can be installed again.

Example:
  $ npx --no bsr unlock --revision 12 --namespace bsr --release bsr

Exit status:
  0  the lock is ended: run pulumi up
  1  the cluster could not be read or written; why is on standard error
  2  wrong usage; nothing is written to standard output
  3  refused; why is on standard output, and nothing was changed`;
