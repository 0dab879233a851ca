/**
 * Something outside broke, or does not allow the step. Says what happened, what is left and what to do. The text is
 * shown to the operator unchanged.
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
