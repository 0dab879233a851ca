import { runCommand } from "./command";

void runCommand(process.argv.slice(2), process.stdout, process.stderr).then((status) => {
  process.exitCode = status;
  // Exits explicitly, as an open connection to something that does not answer would keep the process alive.
  process.stdout.write("", () => process.stderr.write("", () => process.exit()));
});
