import { text } from "node:stream/consumers";
import { Command } from "commander";
import { builtInFacts, defaultChart } from "../../components/migrations/facts";
import { EXIT_OK } from "../exit-status";
import { filled } from "../option-values";
import type { Report, Source } from "../streams";
import { repositoryOf } from "./chart-address";
import { compare, type Check } from "./check";
import { releasesHelp } from "./help";
import { findLogin, type Login } from "./registry-login";
import { readTags } from "./registry-tags";
import { checkText, tableOf } from "./render-text";

/** The options as commander parses them. */
interface ReleasesOptions {
  readonly json?: boolean;
  readonly check?: boolean;
  readonly chart?: string;
  readonly username?: string;
  readonly passwordStdin?: boolean;
}

/** Builds `bsr releases`. */
export function releasesCommand(report: Report, stdin: Source): Command {
  return new Command("releases")
    .summary("list the known releases, or check them against the chart's repository")
    .description(
      "Lists the known releases with dates, schema versions and notes. With --check it reads the tags of the " +
        "chart's repository instead, and prints what the table lacks as records for the configuration key releases.",
    )
    .option("--check", "compare the table with the chart's repository")
    .option("--chart <address>", `the chart's OCI address, without a version (default: ${defaultChart})`)
    .option("--username <name>", "log in to the registry under this name, with --password-stdin", filled)
    .option("--password-stdin", "read the password of --username from standard input")
    .option("--json", "print one JSON object")
    .addHelpText("after", releasesHelp)
    .action(async (options: ReleasesOptions, command: Command) => {
      refuseLonely(options, command);
      const { releases } = builtInFacts;
      if (options.check !== true) {
        report(options.json === true ? `${JSON.stringify({ releases })}\n` : tableOf(releases), EXIT_OK);
        return;
      }
      const found = await check(options, stdin);
      report(options.json === true ? `${JSON.stringify(found)}\n` : checkText(found), EXIT_OK);
    });
}

/** Refuses options that have no effect alone, as something else was meant. */
function refuseLonely({ check, chart, username, passwordStdin }: ReleasesOptions, command: Command): void {
  if (check !== true && (chart !== undefined || username !== undefined || passwordStdin === true)) {
    command.error("error: options '--chart', '--username' and '--password-stdin' need option '--check'");
  }
  if ((username === undefined) !== (passwordStdin !== true)) {
    command.error("error: options '--username' and '--password-stdin' need each other");
  }
}

async function check({ chart = defaultChart, username }: ReleasesOptions, stdin: Source): Promise<Check> {
  const repository = repositoryOf(chart);
  const login =
    username === undefined ? await findLogin(repository.registry, process.env) : await given(username, stdin);
  return compare(chart, builtInFacts.releases, await readTags(repository, login));
}

async function given(name: string, stdin: Source): Promise<Login> {
  // The last line break belongs to the pipe and not to the password, as with helm registry login.
  const password = (await text(stdin)).replace(/\r?\n$/, "");
  return { kind: "password", name, password, source: "--username" };
}
