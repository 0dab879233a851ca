import { InvalidArgumentError } from "commander";
import type { Facts } from "../components/migrations/facts";
import { restoredTo, type Snapshot } from "../components/migrations/planner";

/** Parses the snapshot that a text such as `1.7.0,266` names. */
export function snapshotOf(facts: Facts, text: string): Snapshot {
  const snapshot = restoredTo(facts, text);
  if (snapshot !== null) return snapshot;
  throw new InvalidArgumentError("It needs a version and a schema version, as in 1.7.0,266.");
}
