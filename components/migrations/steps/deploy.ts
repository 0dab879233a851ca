import { helm, helmHistoryMax } from "../cluster/helm";
import { beginAttempt, readSituation, type Situation } from "./attempt";
import { helmDescription, type Context } from "./context";
import type { DeployStep } from "./input";
import { whileUpgrading } from "./upgrade";
import { verifyDeploy } from "./verification";

/**
 * A hop: one `helm upgrade` and its verification. Safe to run twice: a hop that was verified at the live
 * revision is done, one that was begun is deployed again.
 */
export async function deploy(context: Context, step: DeployStep): Promise<void> {
  const { setting, connection, progress } = context;
  const situation = await readSituation(context);
  if (isDone(context, step, situation)) {
    progress.say(`${step.version}: deployed and verified before`);
    return;
  }
  await beginAttempt(context, step, situation);
  await whileUpgrading(context, step, () =>
    helm(
      connection,
      [
        ...["upgrade", setting.release, setting.chart, "--version", step.version],
        ...["--namespace", setting.namespace, "--values", "-", "--reset-values"],
        ...["--history-max", String(helmHistoryMax), "--timeout", `${step.timeoutSeconds}s`],
        ...["--description", helmDescription(setting, step.version)],
      ],
      { stdin: JSON.stringify(step.values), signal: context.signal },
    ),
  );
  await verifyDeploy(context, step);
}

function isDone({ setting }: Context, step: DeployStep, { live, record }: Situation): boolean {
  return (
    record?.verified?.version === step.version &&
    record.verified.revision === live?.revision &&
    // Verified by an earlier transition is no reason not to deploy: its values may have been others.
    record.attempts.some((a) => a.transition === setting.transition && a.revision === live.revision)
  );
}
