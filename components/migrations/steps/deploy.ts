import { withChart } from "../cluster/helm/chart";
import { helm } from "../cluster/helm/helm";
import { helmHistoryMax } from "../cluster/helm/history-max";
import { isVerified } from "../cluster/record/record";
import { beginAttempt, checkPrecondition, readSituation, type Situation } from "./attempt";
import { helmDescription, type Context } from "./context";
import type { DeployStep } from "./input";
import { prepareDown } from "./prepare-down";
import { whileUpgrading } from "./upgrade";
import { verifyDeploy } from "./verification/verify-deploy";

/**
 * Runs a hop: one `helm upgrade` and its verification. It is safe to run twice: a hop that was verified at the live
 * revision is done, and one that was only begun is deployed again.
 */
export async function deploy(context: Context, step: DeployStep): Promise<void> {
  const { setting, progress } = context;
  const situation = await readSituation(context);
  if (isDone(context, step, situation)) {
    progress.say(`${step.version}: deployed and verified before`);
    return;
  }
  // Checked before the chart is pulled, so that a run that may not continue gives the lease back at once.
  checkPrecondition(context, step, situation);
  await prepareDown(context, step, situation);
  await withChart(setting, step.version, step.digest, async ({ file }) => {
    progress.say(`${step.version}: chart pulled`);
    const { newest } = await beginAttempt(context, step);
    await whileUpgrading(context, step, newest + 1, () => upgrade(context, step, file));
  });
  await verifyDeploy(context, step);
}

function upgrade({ setting, connection, signal }: Context, step: DeployStep, chart: string): Promise<string> {
  return helm(
    connection,
    [
      ...["upgrade", setting.release, chart],
      ...["--namespace", setting.namespace, "--values", "-", "--reset-values"],
      ...["--history-max", String(helmHistoryMax), "--timeout", `${step.timeoutSeconds}s`],
      ...["--description", helmDescription(setting, step.version, step.maintenance)],
    ],
    { stdin: JSON.stringify(step.values), signal },
  );
}

/** Whether this hop was already verified and is live. */
export function isDone(
  { setting }: Pick<Context, "setting">,
  step: Pick<DeployStep, "version" | "maintenance">,
  { live, record }: Pick<Situation, "live" | "record">,
): boolean {
  return (
    live?.version === step.version &&
    isVerified(record, live) &&
    // A transition may deploy the same version twice: with maintenance off, then on.
    live.maintenance === step.maintenance &&
    // A hop that an earlier transition verified is deployed again, as its values may have been different.
    record?.attempts.some((a) => a.transition === setting.transition && a.revision === live.revision) === true
  );
}
