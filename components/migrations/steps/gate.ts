import { withChart } from "../cluster/chart";
import { beginAttempt } from "./attempt";
import type { Context } from "./context";
import type { GateStep } from "./input";

/** Lets the Release make the last deploy, only from the position that the plan leads it to. */
export async function gate(context: Context, step: GateStep): Promise<void> {
  // The Release pulls by version: a tag that has moved since the preflight must not reach it.
  if (step.digest !== null)
    await withChart(context.setting, step.version, step.digest, () => Promise.resolve());
  const live = await beginAttempt(context, step);
  const from = live === undefined ? "nothing deployed" : `${live.version} at revision ${live.revision}`;
  context.progress.say(`${step.version}: ready to deploy (${from})`);
}
