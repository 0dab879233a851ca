import { Command, CommanderError } from "commander";
import { Masks } from "../components/migrations/masks";
import { EXIT_OK, EXIT_REFUSED, EXIT_UNREADABLE, EXIT_USAGE } from "./exit-status";
import { historyCommand } from "./history/command";
import { planCommand } from "./plan-command";
import { releasesCommand } from "./releases/command";
import { reviewCommand } from "./review/command";
import { statusCommand } from "./status/command";
import type { Report, Sink, Source } from "./streams";
import { unlockCommand } from "./unlock/command";
import { Unreadable } from "./unreadable";

/** Runs `bsr` with these arguments and returns its exit status. */
export async function runCommand(
  args: readonly string[],
  stdout: Sink,
  stderr: Sink,
  stdin: Source = process.stdin,
): Promise<number> {
  let status = EXIT_OK;
  const report: Report = (text, exitStatus) => {
    stdout.write(text);
    status = exitStatus;
  };
  const bsr = new Command("bsr")
    .description(
      "Shows where a self-hosted Buf Schema Registry (BSR) stands, its history, and its path from one release to another.",
    )
    .helpCommand(false)
    .exitOverride()
    .configureOutput({
      writeOut: (text) => void stdout.write(text),
      writeErr: (text) => void stderr.write(text),
    })
    .showHelpAfterError("Run bsr --help for the commands.");
  const add = (command: Command) =>
    bsr.addCommand(
      command
        .copyInheritedSettings(bsr)
        .showHelpAfterError(`Run bsr ${command.name()} --help for the options and examples.`),
    );
  add(planCommand((text, refused) => report(text, refused ? EXIT_REFUSED : EXIT_OK)));
  add(reviewCommand(report));
  add(statusCommand(report));
  add(historyCommand(report));
  add(unlockCommand(report));
  add(releasesCommand(report, stdin));
  try {
    await bsr.parseAsync(args, { from: "user" });
    return status;
  } catch (error) {
    if (error instanceof CommanderError) {
      return error.code === "commander.helpDisplayed" ? EXIT_OK : EXIT_USAGE;
    }
    if (error instanceof Unreadable) {
      // An address that was called, or a proxy's answer, may hold a password.
      stderr.write(`error: ${new Masks().mask(error.message)}\n`);
      return EXIT_UNREADABLE;
    }
    throw error;
  }
}
