import { Command } from "commander";
import { EXIT_IN_TRANSITION, EXIT_NEEDS_ATTENTION, EXIT_OK } from "../exit-status";
import { withInstanceOptions, type InstanceOptions } from "../instance/options";
import type { Report } from "../streams";
import { statusHelp } from "./help";
import type * as Read from "./read";
import type { Status } from "./status";

/** The options as commander parses them. */
export interface StatusOptions extends InstanceOptions {
  readonly json?: boolean;
}

const exitStatus: Readonly<Record<Status["state"], number>> = {
  healthy: EXIT_OK,
  "in-transition": EXIT_IN_TRANSITION,
  "needs-attention": EXIT_NEEDS_ATTENTION,
};

/** Builds `bsr status`. */
export function statusCommand(report: Report): Command {
  const status = new Command("status")
    .summary("show where a running instance stands")
    .description(
      "Shows where a running instance stands: what is deployed, verified and attempted, whether a run works on it, " +
        "its pods and its status page, and what to do if something needs attention.",
    );
  return withInstanceOptions(status)
    .option("--json", "print one JSON object")
    .addHelpText("after", statusHelp)
    .action(async (options: StatusOptions) => {
      const { readStatus, textOf } = implementation();
      const status = await readStatus(options);
      const text = options.json === true ? `${JSON.stringify(status)}\n` : textOf(status);
      report(text, exitStatus[status.state]);
    });
}

/** Loaded only here: the Kubernetes client takes longer to load than all of `bsr plan` takes. */
function implementation(): typeof Read {
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  return require("./read") as typeof Read;
}
