import { Command } from "./command";
import type { MethodInput } from "./input";
import type { SnapshotMethod } from "./method";
import { PgDump } from "./pg-dump";

export {
  SnapshotError,
  UnknownRestore,
  type Note,
  type Restored,
  type SnapshotMethod,
  type Trace,
} from "./method";
/** The name of the Job that a method runs, if it has one; a run that was killed may have left it. */
export { snapshotJobName } from "./pg-dump";

/** Returns the method that the configuration chose. */
export function methodOf(input: MethodInput): SnapshotMethod {
  switch (input.kind) {
    case "pgDump":
      return new PgDump(input);
    case "command":
      return new Command(input);
  }
}
