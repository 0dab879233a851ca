import { RunError } from "@pulumi/pulumi";

/** All problems of the arguments at once, one sentence each. Pulumi prints a RunError without a stack trace. */
export class ArgumentError extends RunError {
  override readonly name = "ArgumentError";
  constructor(readonly problems: readonly string[]) {
    super(["The arguments cannot be used:", ...problems.map((problem) => `- ${problem}`)].join("\n"));
  }
}
