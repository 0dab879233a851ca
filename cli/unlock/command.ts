import { Command, InvalidArgumentError } from "commander";
import { EXIT_OK, EXIT_REFUSED } from "../exit-status";
import { withInstanceOptions, type InstanceOptions } from "../instance/options";
import type { Report } from "../streams";
import { unlockHelp } from "./help";
import type * as Unlock from "./unlock";

/** The options as commander parses them. */
export interface UnlockOptions extends InstanceOptions {
  readonly revision: number;
}

/** Builds `bsr unlock`. */
export function unlockCommand(report: Report): Command {
  const unlock = new Command("unlock")
    .summary("end the lock of a Helm operation that died")
    .description(
      "Ends the lock of a pending Helm revision, so that the next pulumi up can deploy. Only for an operation that you " +
        "know to have died: pulumi up ends the locks of its own.",
    )
    .requiredOption("--revision <number>", "the pending revision, as bsr status shows it", revisionOf);
  return withInstanceOptions(unlock)
    .addHelpText("after", unlockHelp)
    .action(async (options: UnlockOptions) => {
      const { refused, text } = await implementation().unlock(options);
      report(text, refused ? EXIT_REFUSED : EXIT_OK);
    });
}

function revisionOf(text: string): number {
  if (!/^[1-9]\d{0,8}$/.test(text)) throw new InvalidArgumentError("It needs a revision's number, as in 12.");
  return Number(text);
}

/** Loaded only here: the Kubernetes client takes longer to load than all of `bsr plan` takes. */
function implementation(): typeof Unlock {
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  return require("./unlock") as typeof Unlock;
}
