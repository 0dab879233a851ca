/**
 * Something outside broke, or does not allow the step: what happened, what is left, what to do.
 * The text is shown to the operator as it is.
 */
export class StepFailure extends Error {
  constructor(
    readonly what: string,
    readonly left: string,
    readonly remedy: string,
  ) {
    super(`${what}\n  left: ${left}\n  do:   ${remedy}`);
    this.name = "StepFailure";
  }
}
