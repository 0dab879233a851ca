import { StepFailure } from "../failure";

export const nothingChanged = "nothing was stopped or changed; what is live goes on";

/** Builds the failure of a restore that has not switched over, as far as is known. */
export function notRestored(
  what: string,
  left: string,
  remedy = "fix the cause, then run pulumi up again: it restores from the start. Or remove restore or restoredTo from the configuration",
): StepFailure {
  return new StepFailure(`the snapshot was not restored: ${what}`, left, remedy);
}

/** Builds the failure of a restore after which only a person who looks can say which database the instance has. */
export function unknownRestore(snapshot: string, what: string, remedy: string): StepFailure {
  return new StepFailure(
    `nobody knows whether the restore of ${snapshot} has switched over: ${what}`,
    "every pod stays stopped, so that nobody writes to either database",
    remedy,
  );
}
