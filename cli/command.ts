import { Command, CommanderError } from "commander";
import { planCommand } from "./plan-command";

/** Where the command writes. */
export interface Sink {
  write(text: string): unknown;
}

/** A plan, also an empty one; or help that was asked for. */
export const EXIT_OK = 0;
/** The command was called wrongly; nothing is written to standard output. */
export const EXIT_USAGE = 2;
/** The plan is refused. */
export const EXIT_REFUSED = 3;

/** Runs `bsr` with these arguments and returns its exit status. It reads nothing but its arguments. */
export function runCommand(args: readonly string[], stdout: Sink, stderr: Sink): number {
  let status = EXIT_OK;
  const output = {
    writeOut: (text: string) => void stdout.write(text),
    writeErr: (text: string) => void stderr.write(text),
  };
  const bsr = new Command("bsr")
    .description("Plans the way of a self-hosted Buf Schema Registry (BSR) from one release to another.")
    .helpCommand(false)
    .exitOverride()
    .configureOutput(output)
    .showHelpAfterError("Run bsr plan --help for the options and examples.");
  bsr.addCommand(
    planCommand((text, refused) => {
      stdout.write(text);
      status = refused ? EXIT_REFUSED : EXIT_OK;
    }).copyInheritedSettings(bsr),
  );
  try {
    bsr.parse(args, { from: "user" });
    return status;
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    return error.code === "commander.helpDisplayed" ? EXIT_OK : EXIT_USAGE;
  }
}
