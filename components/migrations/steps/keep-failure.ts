import { updateRecord } from "../cluster/record/record";
import { withEvent } from "../cluster/record/events";
import type { Context } from "./context";
import type { StepFailure } from "./failure";
import type { Step } from "./input";

const linesKept = 3;
const lineLength = 300;

/** Puts a failure on record, for `bsr history`. If that does not succeed, the failure is reported all the same. */
export async function keepFailure(
  { cluster, setting, record, masks }: Context,
  { kind, version }: Exclude<Step, { kind: "preflight" }>,
  { what }: StepFailure,
): Promise<void> {
  const event = {
    kind: "failed" as const,
    transition: setting.transition,
    at: new Date().toISOString(),
    step: kind,
    version,
    why: summaryOf(masks.mask(what)),
  };
  await updateRecord(cluster, record, (stored) => withEvent(stored, event)).catch(() => undefined);
}

/** Returns the first lines. What pods have logged is shown while the step runs, and is not kept. */
export function summaryOf(what: string): string {
  return what
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "" && !line.startsWith("|"))
    .slice(0, linesKept)
    .map((line) => (line.length > lineLength ? `${line.slice(0, lineLength)} …` : line))
    .join("\n");
}
