import { z } from "zod";
import type { Step } from "../../migrations/planner";

/** A step of a plan as the stack's state has it: one readable line, also in a diff. */
export const storedStep = z.codec(z.string(), z.custom<Step>(), { decode: parse, encode: write });

function write(step: Step): string {
  switch (step.kind) {
    case "restore": {
      const what = step.byHand === true ? "accept the restored database" : "restore the snapshot";
      return `${what} of ${step.version} at schema version ${step.schemaVersion}`;
    }
    case "deploy":
      return `deploy ${step.version}${step.maintenance ? " with maintenance on" : ""}`;
    case "snapshot":
      return `take a snapshot at ${step.version}`;
    case "awaitDataMigration":
      return `await the data migration of ${step.version}`;
    case "migrateDown":
      return `migrate down to ${step.schemaVersion} with ${step.binary}`;
  }
}

function parse(text: string): Step {
  const restore =
    /^(restore the snapshot|accept the restored database) of (\S+) at schema version (\d+)$/.exec(text);
  if (restore?.[2] !== undefined)
    return {
      kind: "restore",
      version: restore[2],
      schemaVersion: Number(restore[3]),
      ...(restore[1] === "restore the snapshot" ? {} : { byHand: true }),
    };
  const deploy = /^deploy (\S+)( with maintenance on)?$/.exec(text);
  if (deploy?.[1] !== undefined)
    return { kind: "deploy", version: deploy[1], maintenance: deploy[2] !== undefined };
  const snapshot = /^take a snapshot at (\S+)$/.exec(text);
  if (snapshot?.[1] !== undefined) return { kind: "snapshot", version: snapshot[1] };
  const wait = /^await the data migration of (\S+)$/.exec(text);
  if (wait?.[1] !== undefined) return { kind: "awaitDataMigration", version: wait[1] };
  const down = /^migrate down to (\d+) with (\S+)$/.exec(text);
  if (down?.[1] !== undefined && down[2] !== undefined)
    return { kind: "migrateDown", binary: down[2], schemaVersion: Number(down[1]) };
  throw new Error(`"${text}" is not a step of a plan`);
}
