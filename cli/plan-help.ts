/** What follows the options in `bsr plan --help`. */
export const planHelp = `
Examples:
  What would it take to go from 1.4.0 to 1.6.0?
    $ npx --no bsr plan --from 1.4.0 --to 1.6.0

  The same way with fewer deploys, if downtime is acceptable:
    $ npx --no bsr plan --from 1.2.0 --to 1.12.1 --strategy maintenance --allow-downtime

  A first installation:
    $ npx --no bsr plan --from none --to 1.23.0

  One minor down, after 1.9.1 was taken back to 1.9.0: the database still belongs to 1.9.1.
    $ npx --no bsr plan --from 1.9.0 --to 1.8.3 --schema-owner 1.9.1

  Further down than one minor below the highest version ever attempted loses data for certain,
  so exactly this loss must be acknowledged:
    $ npx --no bsr plan --from 1.6.0 --to 1.4.1 --acknowledge-data-loss "1.6.0->1.4.1"

  Back to a snapshot that was taken at 1.7.0, with its database at the schema version 266:
    $ npx --no bsr plan --from 1.9.1 --to 1.7.0 --restore 1.7.0,266

  A table for a pull request, and data for a program:
    $ npx --no bsr plan --from 1.4.0 --to 1.6.0 --markdown
    $ npx --no bsr plan --from 1.4.0 --to 1.6.0 --json

Exit status:
  0  a plan, also an empty one
  2  wrong usage; nothing is written to standard output
  3  refused; the reasons are on standard output

The rules of a path, with every refusal and warning, are in docs/rules.md.`;
