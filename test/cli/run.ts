import { Readable } from "node:stream";
import { runCommand } from "../../cli/command";

/** What a run of the command left. */
export interface Ran {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs `bsr` in this process. */
export async function run(args: readonly string[], stdin = ""): Promise<Ran> {
  const stdout: string[] = [];
  const stderr: string[] = [];
  const status = await runCommand(
    args,
    { write: (text) => stdout.push(text) },
    { write: (text) => stderr.push(text) },
    Readable.from([stdin]),
  );
  return { status, stdout: stdout.join(""), stderr: stderr.join("") };
}
