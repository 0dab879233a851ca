import { Command, InvalidArgumentError, Option } from "commander";
import { builtInFacts } from "../components/migrations/facts";
import {
  makePlan,
  type Position,
  type Request,
  type Snapshot,
  type Strategy,
} from "../components/migrations/planner";
import { planHelp } from "./plan-help";
import { snapshotOf } from "./plan-restore";
import { markdownOf } from "./render-markdown";
import { textOf } from "./render-text";

/** The options as commander parses them. */
interface PlanOptions {
  readonly from: string;
  readonly to: string;
  readonly highWaterMark?: string;
  readonly schemaOwner?: string;
  readonly strategy: Strategy;
  readonly allowDowntime: boolean;
  readonly acknowledgeDataLoss?: string;
  readonly restore?: Snapshot;
  readonly unsettled: boolean;
  readonly license: boolean;
  readonly snapshots: boolean;
  readonly json?: boolean;
  readonly markdown?: boolean;
}

/** Builds `bsr plan`. `report` gets the whole text for standard output, and whether the plan is refused. */
export function planCommand(report: (text: string, refused: boolean) => void): Command {
  return new Command("plan")
    .summary("show the steps from one release to another, or why there is no way")
    .description(
      "Shows the steps that take a BSR from one release to another, or refuses with what was found, what was " +
        "wanted and what to do. It reads no cluster, no state and no configuration: what it should know of an " +
        "instance is given by the options.",
    )
    .requiredOption("--from <version|none>", 'the deployed version, or "none" to install', value)
    .requiredOption("--to <version>", "the target: the version to end at", value)
    .option("--high-water-mark <version>", "the highest version ever attempted (default: --from)", value)
    .option(
      "--schema-owner <version>",
      "the release whose migrations the database has (default: --from)",
      value,
    )
    .addOption(
      new Option("--strategy <strategy>", "how to go up over three or more minors")
        .choices(["sequential", "maintenance"])
        .default("sequential"),
    )
    .option("--allow-downtime", "allow the downtime that the strategy maintenance needs", false)
    .option(
      "--acknowledge-data-loss <mark->to>",
      "accept the loss on the way from this mark to this target",
      value,
    )
    .option(
      "--restore <version,schema version>",
      "restore the snapshot taken at this version, with its database at this schema version",
      (text) => snapshotOf(builtInFacts, value(text)),
    )
    .option("--unsettled", "what runs is not what was verified, or maintenance was left on", false)
    .option("--no-license", "plan as if no license were given")
    .option("--no-snapshots", "plan as if no snapshot method were given")
    .addOption(new Option("--json", "print one JSON object").conflicts("markdown"))
    .addOption(new Option("--markdown", "print Markdown, for a pull request").conflicts("json"))
    .addHelpText("after", planHelp)
    .action((options: PlanOptions) => {
      const position = positionOf(options);
      const outcome = makePlan(builtInFacts, position, requestOf(options), {
        dataMigrations: [],
        snapshot: null,
      });
      const shown = { facts: builtInFacts, position, outcome };
      const text =
        options.json === true
          ? `${JSON.stringify(outcome)}\n`
          : options.markdown === true
            ? markdownOf(shown)
            : textOf(shown);
      report(text, outcome.outcome === "refused");
    });
}

/** Refuses `--to --json`: the value was forgotten, and an option would be read as a version. */
function value(text: string): string {
  if (text.startsWith("--")) {
    throw new InvalidArgumentError("It needs a value, but an option follows.");
  }
  return text;
}

function positionOf(options: PlanOptions): Position {
  return {
    deployedVersion: options.from === "none" ? null : options.from,
    schemaOwner: options.schemaOwner ?? null,
    highWaterMark: options.highWaterMark ?? null,
    settled: !options.unsettled,
  };
}

function requestOf(options: PlanOptions): Request {
  return {
    target: options.to,
    strategy: options.strategy,
    allowDowntime: options.allowDowntime,
    acknowledgeDataLoss: options.acknowledgeDataLoss ?? null,
    snapshots: options.snapshots,
    given: options.license ? [{ path: "license.key", versions: "*" }] : [],
    restore: options.restore ?? null,
  };
}
