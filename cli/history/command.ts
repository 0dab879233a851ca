import { Command, InvalidArgumentError, Option } from "commander";
import { EXIT_OK } from "../exit-status";
import { withInstanceOptions, type InstanceOptions } from "../instance/options";
import type { Report } from "../streams";
import { historyHelp } from "./help";
import type * as Read from "./read";

/** The options as commander parses them. */
export interface HistoryOptions extends InstanceOptions {
  readonly transition?: number;
  readonly mermaid?: boolean;
  readonly json?: boolean;
}

/** Builds `bsr history`. */
export function historyCommand(report: Report): Command {
  const history = new Command("history")
    .summary("show what happened to an instance")
    .description(
      "Shows what happened to an instance, transition by transition: deploys, waits, snapshots, migrations down, " +
        "restores, maintenance, failures and changes by hand, with schema versions and times. It reads Helm's history " +
        "and the cluster's record, and changes nothing.",
    );
  return withInstanceOptions(history)
    .option("--transition <number>", "only this transition", numberOf)
    .addOption(
      new Option("--mermaid", "print a Mermaid Gantt chart of the transition, or of the newest").conflicts(
        "json",
      ),
    )
    .addOption(new Option("--json", "print one JSON object").conflicts("mermaid"))
    .addHelpText("after", historyHelp)
    .action(async (options: HistoryOptions) => {
      const { readHistory, textOf, mermaidOf } = implementation();
      const found = await readHistory(options);
      const text =
        options.json === true
          ? `${JSON.stringify(found)}\n`
          : options.mermaid === true
            ? mermaidOf(found)
            : textOf(found);
      report(text, EXIT_OK);
    });
}

function numberOf(text: string): number {
  if (!/^[1-9]\d{0,8}$/.test(text))
    throw new InvalidArgumentError("It needs a transition's number, as in 12.");
  return Number(text);
}

/** Loaded only here: the Kubernetes client takes longer to load than all of `bsr plan` takes. */
function implementation(): typeof Read {
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  return require("./read") as typeof Read;
}
