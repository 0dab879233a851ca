import { runCommand } from "./command";

void runCommand(process.argv.slice(2), process.stdout, process.stderr).then((status) => {
  process.exitCode = status;
  // A connection to something that does not answer keeps no process alive once all is said.
  process.stdout.write("", () => process.stderr.write("", () => process.exit()));
});
