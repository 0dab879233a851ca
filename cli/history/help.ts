/** What follows the options in `bsr history --help`. */
export const historyHelp = `
Users may have been refused from the beginning of a deploy with maintenance on, or of a restore, until a deploy with
maintenance off was verified. What is not on record is not shown: nothing is guessed.

Examples:
  What happened, and where did it end?
    $ npx --no bsr history

  Only the transition that failed at night:
    $ npx --no bsr history --namespace buf --release buf --transition 7

  A picture of the newest transition, for a Markdown page or a pull request:
    $ npx --no bsr history --mermaid

  For a program; docs/cli.md describes every key:
    $ npx --no bsr history --json

JSON:
  {"namespace":"bsr","release":"bsr","database":"host:5432/bsr"|null,"recorded":true,"forgotten":false,
   "live":{"version":…,"revision":…,"verified":true}|null,
   "transitions":[{"number":2,"lineage":2|null,"stack":…|null,"from":"1.11.0"|null,"to":"1.13.0"|null,
     "state":"done|failed|under-way|unfinished","began":…|null,"ended":…|null,"takenUpBy":3|null,"takesUp":1|null,"anew":false,
     "downtime":[{"from":…,"to":…|null}],"events":[{"kind":…,"at":…}]}],
   "others":[{"kind":…,"at":…|null}]}

Exit status:
  0  the history was read, whatever it shows
  1  it could not be read, or there is none; why is on standard error
  2  wrong usage; nothing is written to standard output`;
