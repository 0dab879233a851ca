/** What follows the options in `bsr review --help`. */
export const reviewHelp = `
It runs pulumi stack export and pulumi config --json, which show no secret: no passphrase is needed, only the login to
where the stack is kept. It changes nothing. What it assumes is shown on top: that the last run left what it was meant to
leave. Only pulumi preview plans from what really runs.

The hash of the plan is the one that pulumi up computes if the assumption holds. With approvedPlan set to it, pulumi up
carries out this plan, or refuses.

Examples:
  What will pulumi up do, now that version was changed?
    $ npx --no bsr review --stack prod

  For a pull request; the repository of this package has workflows that do this, in docs/ci:
    $ npx --no bsr review --stack prod --markdown

  A program of your own, whose configuration has other keys:
    $ npx --no bsr review --stack prod --cwd infrastructure --component registry --to 1.9.1

JSON:
  what bsr plan --json prints, and
  {"hash":"35766d847f65aae7","binding":"35766d847f65aae7","approved":{"hash":…,"holds":true}|null,"duration":"about …"|null,
   "firstRun":{"deploys":2,"to":"1.3.1"}|null,"promotion":"staging verified …"|null,"stack":"prod"|null,"component":"bsr"|null,
   "position":{"deployedVersion":…|null,"schemaOwner":…|null,"highWaterMark":…|null,"settled":true},
   "assumed":["…"],"weak":false}
  {"outcome":"leftToPreview","found":…,"wanted":…,"remedy":…,"hash":null,"binding":null,…} if the configuration
  has a restore, restoredTo or adopt that is not done

Exit status:
  0  a plan, also an empty one, or one that only pulumi preview can show
  1  the stack could not be read; why is on standard error
  2  wrong usage; nothing is written to standard output
  3  refused; the reasons are on standard output`;
