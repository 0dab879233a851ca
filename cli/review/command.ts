import { Command, Option } from "commander";
import { EXIT_OK, EXIT_REFUSED } from "../exit-status";
import { filled } from "../option-values";
import { markdownOf } from "../render-markdown";
import { textOf } from "../render-text";
import type { Report } from "../streams";
import { reviewHelp } from "./help";
import { leftAsJson, leftAsMarkdown, leftAsText } from "./left-to-preview";
import { jsonOf } from "./render-json";
import type * as Implementation from "./review";

/** The options as commander parses them. */
interface Options {
  readonly stack?: string;
  readonly cwd: string;
  readonly to?: string;
  readonly component?: string;
  readonly json?: boolean;
  readonly markdown?: boolean;
}

/** Builds `bsr review`. */
export function reviewCommand(report: Report): Command {
  return new Command("review")
    .summary("show what pulumi up would do, from the stack's state and configuration alone")
    .description(
      "Shows the plan that pulumi up will make for a stack, for a review. It is made from the stack's state and " +
        "configuration, as the pulumi command shows them. No cluster is looked at, and no secret is read.",
    )
    .option("--stack <name>", "the stack (default: the selected one)", filled)
    .option("--cwd <folder>", "the folder of the Pulumi project", filled, ".")
    .option(
      "--to <version>",
      "the target, in place of the version in the configuration; for a program with configuration keys of its own",
      filled,
    )
    .option("--component <name>", "the component, if the stack has several", filled)
    .addOption(new Option("--json", "print one JSON object").conflicts("markdown"))
    .addOption(new Option("--markdown", "print Markdown, for a pull request").conflicts("json"))
    .addHelpText("after", reviewHelp)
    .action(async (options: Options) => {
      const shown = await implementation().review(options);
      const form = options.json === true ? "json" : options.markdown === true ? "markdown" : "text";
      if (shown.outcome === "leftToPreview") {
        report({ json: leftAsJson, markdown: leftAsMarkdown, text: leftAsText }[form](shown), EXIT_OK);
        return;
      }
      const render = { json: jsonOf, markdown: markdownOf, text: textOf }[form];
      report(render(shown), shown.outcome.outcome === "refused" ? EXIT_REFUSED : EXIT_OK);
    });
}

/** Loaded only here: Pulumi's SDK takes longer to load than all of `bsr plan` takes. */
function implementation(): typeof Implementation {
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  return require("./review") as typeof Implementation;
}
