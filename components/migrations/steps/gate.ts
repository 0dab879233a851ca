import { withChart } from "../cluster/helm/chart";
import { giveUpRevision } from "../cluster/helm/takeover";
import { withTransition } from "../cluster/record/changes";
import { updateRecord } from "../cluster/record/record";
import { beginAttempt, checkPrecondition, readSituation } from "./attempt";
import type { Context } from "./context";
import type { GateStep } from "./input";
import { prepareDown } from "./prepare-down";
import { refuseUsedDatabase } from "./used-database";

/** Lets the Release make the last deploy, but only from the position that the plan leads to. */
export async function gate(context: Context, step: GateStep): Promise<void> {
  const { version, digest } = step;
  if (context.setting.deploys === 0) return passWithoutDeploy(context, step);
  // The Release pulls by version, so a tag that has moved since the preflight must be caught here.
  if (digest !== null) await withChart(context.setting, version, digest, () => Promise.resolve());
  const situation = await readSituation(context);
  await refuseUsedDatabase(context, step, situation);
  await prepareDown(context, step, situation);
  const { live } = await beginAttempt(context, step);
  if (step.takesOver && live !== undefined) await giveUpRevision(context.cluster, context.setting, live);
  const from = live === undefined ? "nothing deployed" : `${live.version} at revision ${live.revision}`;
  context.progress.say(`${version}: ready to deploy (${from})`);
}

/** Passes without an attempt, as the plan has no deploy: an attempt on record would count as never verified. */
async function passWithoutDeploy(context: Context, step: GateStep): Promise<void> {
  const { setting, cluster, record, progress } = context;
  checkPrecondition(context, step, await readSituation(context));
  await updateRecord(cluster, record, (stored) => withTransition(stored, setting));
  progress.say(`${step.version}: is deployed already`);
}
