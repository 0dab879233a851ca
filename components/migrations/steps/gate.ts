import { withChart } from "../cluster/helm/chart";
import { giveUpRevision } from "../cluster/helm/takeover";
import { beginAttempt, readSituation } from "./attempt";
import type { Context } from "./context";
import type { GateStep } from "./input";
import { prepareDown } from "./prepare-down";
import { refuseUsedDatabase } from "./used-database";
import { endCutOffRestore } from "./restore";

/** Lets the Release make the last deploy, only from the position that the plan leads it to. */
export async function gate(context: Context, step: GateStep): Promise<void> {
  const { version, digest } = step;
  // The Release pulls by version: a tag that has moved since the preflight must not reach it.
  if (digest !== null) await withChart(context.setting, version, digest, () => Promise.resolve());
  const situation = await readSituation(context);
  await refuseUsedDatabase(context, step, situation);
  await prepareDown(context, step, situation);
  await endCutOffRestore(context, situation);
  const { live } = await beginAttempt(context, step);
  if (step.takesOver && live !== undefined) await giveUpRevision(context.cluster, context.setting, live);
  const from = live === undefined ? "nothing deployed" : `${live.version} at revision ${live.revision}`;
  context.progress.say(`${version}: ready to deploy (${from})`);
}
