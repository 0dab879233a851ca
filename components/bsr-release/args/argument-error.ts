import { RunError } from "@pulumi/pulumi";

/** All problems of the arguments at once, one sentence each; Pulumi prints a RunError without a stack. */
export class ArgumentError extends RunError {
  override readonly name = "ArgumentError";
  constructor(readonly problems: readonly string[]) {
    super(["The arguments cannot be used:", ...problems.map((problem) => `- ${problem}`)].join("\n"));
  }
}
