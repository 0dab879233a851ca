import { hostname } from "node:os";
import { z } from "zod";
import type { Snapshot } from "../../cluster/record/record";
import { runCommand, type Ended } from "../command";
import type { Context } from "../context";
import type { Wait } from "../wait";
import type { CommandInput } from "./input";
import {
  SnapshotError,
  UnknownRestore,
  type Asked,
  type Note,
  type Restored,
  type SnapshotMethod,
  type Taken,
} from "./method";

/** What the last line of the user's command says, as JSON. */
const answerSchema = z.object({
  place: z.string().min(1),
  bytes: z.number().nonnegative().nullish(),
  schemaVersion: z.int().nonnegative().nullish(),
});

const restoredSchema = z.object({ kept: z.string().min(1), schemaVersion: z.int().nonnegative() });

/** Takes snapshots with the user's own commands, such as those of a cloud's database service. */
export class Command implements SnapshotMethod {
  constructor(private readonly input: CommandInput) {}

  /** Does nothing: whether the command works is only known when it runs, and running it here would take a snapshot. */
  prepare(): Promise<void> {
    return Promise.resolve();
  }

  async take(context: Context, wait: Wait, asked: Asked): Promise<Taken> {
    const env = environmentOf(context, asked);
    const { status, lastLine, answer: line } = await this.#run(context, wait, this.input.take, env);
    if (status !== 0) throw new SnapshotError(`the command take ended with status ${status}: ${lastLine}`);
    const answer = parsed(answerSchema, line);
    if (answer === undefined) {
      throw new SnapshotError(
        `the last line that the command take wrote to standard output is not a JSON object with a "place": ${line === "" ? "it is empty" : line}`,
      );
    }
    await this.#awaitAvailable(context, wait, { ...env, BSR_SNAPSHOT_PLACE: answer.place });
    return {
      place: answer.place,
      bytes: answer.bytes ?? null,
      sha256: null,
      schemaVersion: answer.schemaVersion ?? null,
      verified: "available",
    };
  }

  /** Checks only that there is a command; anything else is known when it runs. */
  checkRestore(): Promise<void> {
    if (this.input.restore !== null) return Promise.resolve();
    return Promise.reject(new SnapshotError("snapshot.command has no restore"));
  }

  async restore(context: Context, wait: Wait, snapshot: Snapshot, note: Note): Promise<Restored> {
    const { restore } = this.input;
    if (restore === null) throw new SnapshotError("snapshot.command has no restore");
    const { id, version, place, schemaVersion, maintenance } = snapshot;
    const env = {
      ...environmentOf(context, { id, version, quiet: maintenance }),
      BSR_SNAPSHOT_PLACE: place,
      BSR_SCHEMA_VERSION: String(schemaVersion ?? ""),
    };
    // Nothing ends the command if this process is killed, so a later run has to know of it.
    const host = hostname();
    await note({ command: { host } });
    const { status, isKilled, lastLine, answer } = await this.#run(context, wait, restore, env, (pid) =>
      note({ command: { host, pid } }),
    );
    // Processes that the command has started may continue.
    if (isKilled) throw new UnknownRestore(`the command restore did not end by itself: ${lastLine}`);
    if (status !== 0) throw new SnapshotError(`the command restore ended with status ${status}: ${lastLine}`);
    // The command has succeeded, whatever it wrote, so it may have switched over.
    const restored = parsed(restoredSchema, answer);
    if (restored === undefined) {
      throw new UnknownRestore(
        `the last line that the command restore wrote to standard output is not a JSON object with "kept" and "schemaVersion": ${answer}`,
      );
    }
    if (schemaVersion !== null && restored.schemaVersion !== schemaVersion) {
      throw new UnknownRestore(
        `the restored database has schema version ${restored.schemaVersion}, wanted ${schemaVersion} as recorded`,
      );
    }
    return restored;
  }

  /** Waits until the user's check succeeds: a cloud's snapshot is requested at once, but available only much later. */
  async #awaitAvailable(context: Context, wait: Wait, env: Readonly<Record<string, string>>): Promise<void> {
    for (;;) {
      const { status, lastLine } = await this.#run(context, wait, this.input.check, env);
      if (status === 0) return;
      const says = lastLine === "" ? "" : `: ${lastLine}`;
      wait.tell(`snapshot not available yet${says}`);
      if (wait.isOver) {
        throw new SnapshotError(
          `it was not available within ${this.input.timeoutSeconds} s (the command check ended with status ${status}${says})`,
        );
      }
      await wait.pause(this.input.intervalSeconds * 1000);
    }
  }

  async #run(
    { signal }: Context,
    wait: Wait,
    command: readonly string[],
    env: Readonly<Record<string, string>>,
    started: (pid: number) => Promise<void> = () => Promise.resolve(),
  ): Promise<Ended> {
    const left = this.input.timeoutSeconds * 1000 - wait.elapsedMilliseconds;
    try {
      return await runCommand(command, { timeout: left, signal, env, started });
    } catch (error) {
      if (signal.aborted) throw error;
      throw new SnapshotError(`${command[0] ?? ""} could not be run: ${(error as Error).message}`);
    }
  }
}

/** The environment of the user's commands. */
function environmentOf({ setting }: Context, { id, version, quiet }: Asked): Record<string, string> {
  return {
    BSR_SNAPSHOT_ID: id,
    BSR_VERSION: version,
    BSR_MAINTENANCE: String(quiet),
    BSR_DATABASE: setting.database,
    BSR_NAMESPACE: setting.namespace,
    BSR_RELEASE: setting.release,
  };
}

function parsed<T>(schema: z.ZodType<T>, line: string): T | undefined {
  try {
    return schema.safeParse(JSON.parse(line)).data;
  } catch {
    return undefined;
  }
}
