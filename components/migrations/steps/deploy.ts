import { withChart } from "../cluster/chart";
import { helm, helmHistoryMax } from "../cluster/helm";
import { liveRevision, readHelmHistory } from "../cluster/helm-history";
import { readRecord } from "../cluster/record";
import { beginAttempt } from "./attempt";
import { helmDescription, type Context } from "./context";
import type { DeployStep } from "./input";
import { verifyDeploy } from "./verification";

/**
 * A hop: one `helm upgrade` and its verification. Safe to run twice: a hop that was verified at the live
 * revision is done, one that was begun is deployed again.
 */
export async function deploy(context: Context, step: DeployStep): Promise<void> {
  const { setting, progress } = context;
  if (await isDone(context, step)) {
    progress.say(`${step.version}: deployed and verified before`);
    return;
  }
  await beginAttempt(context, step);
  await withChart(setting, step.version, step.digest, async ({ file }) => {
    progress.say(`${step.version}: chart pulled, helm upgrade`);
    await upgrade(context, step, file);
  });
  await verifyDeploy(context, step);
}

async function upgrade(
  { setting, connection, signal }: Context,
  step: DeployStep,
  chart: string,
): Promise<void> {
  await helm(
    connection,
    [
      ...["upgrade", setting.release, chart],
      ...["--namespace", setting.namespace, "--values", "-", "--reset-values"],
      ...["--history-max", String(helmHistoryMax), "--timeout", `${step.timeoutSeconds}s`],
      ...["--description", helmDescription(setting, step.version)],
    ],
    { stdin: JSON.stringify(step.values), signal },
  );
}

async function isDone({ cluster, setting, record }: Context, step: DeployStep): Promise<boolean> {
  const live = liveRevision(await readHelmHistory(cluster, setting.namespace, setting.release));
  const stored = await readRecord(cluster, record);
  return (
    stored?.verified?.version === step.version &&
    stored.verified.revision === live?.revision &&
    // Verified by an earlier transition is no reason not to deploy: its values may have been others.
    stored.attempts.some((a) => a.transition === setting.transition && a.revision === live.revision)
  );
}
