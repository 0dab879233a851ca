import { diagnose, diagnoseBriefly } from "../cluster/pods/diagnosis";
import { HelmError } from "../cluster/helm/helm";
import { hookJobs } from "../cluster/helm/history";
import { withdrawAttempt } from "./attempt";
import type { Context } from "./context";
import { StepFailure } from "./failure";
import type { DeployStep } from "./input";
import { Wait } from "./wait";

const tellMilliseconds = 1000;
/** How often hooks are looked at; it takes reading Helm's whole history. */
const lookMilliseconds = 10_000;

/**
 * Runs `helm upgrade` for a hop. It says that it still runs and what holds up a chart's hooks. If hooks fail, it says
 * why their Jobs did; Helm itself only names them.
 */
export async function whileUpgrading(
  context: Context,
  { version, timeoutSeconds }: DeployStep,
  revision: number,
  upgrade: () => Promise<unknown>,
): Promise<void> {
  const wait = new Wait(context, version, timeoutSeconds);
  let kept: readonly string[] = [];
  const tell = () => wait.tell([`helm upgrade to ${context.setting.chart} ${version}`, ...kept].join("; "));
  tell();
  const timer = setInterval(tell, tellMilliseconds);
  const look = setInterval(() => {
    void hookReasons(context, "Running", diagnoseBriefly).then((reasons) => (kept = reasons));
  }, lookMilliseconds);
  try {
    await upgrade();
  } catch (error) {
    if (!(error instanceof HelmError)) throw error;
    throw isLocked(error)
      ? await lockedFailure(context, version, revision)
      : await upgradeFailure(context, version, error);
  } finally {
    clearInterval(timer);
    clearInterval(look);
  }
}

/** Whether another Helm operation was quicker, so that ours has made no revision. */
function isLocked({ output }: HelmError): boolean {
  return /another operation \(install\/upgrade\/rollback\) is in progress|release: already exists/.test(
    output,
  );
}

async function lockedFailure(context: Context, version: string, revision: number): Promise<StepFailure> {
  const { namespace, release } = context.setting;
  // Otherwise the other operation's revision would count as this attempt.
  await withdrawAttempt(context, revision);
  return new StepFailure(
    `${version} was not deployed: another Helm operation began at the same moment and holds release ${release}`,
    "nothing was changed by this step; the other operation goes on",
    `wait until helm status ${release} -n ${namespace} says deployed or failed, then run pulumi preview: it plans from ` +
      "what is there then",
  );
}

async function upgradeFailure(context: Context, version: string, error: HelmError): Promise<StepFailure> {
  const hooks = /\b(pre|post)-upgrade hooks failed/.exec(error.output);
  const reasons = hooks === null ? [] : await hookReasons(context, "Failed", diagnose);
  const left =
    hooks?.[1] === "pre"
      ? "hooks run before anything else, so what was running goes on serving"
      : "pods that were ready before go on serving";
  return new StepFailure(
    [`${version} was not deployed: ${inOneLine(error)}`, ...reasons].join("\n    "),
    `${left}; nothing after this step was begun`,
    "fix the cause, then run pulumi up again: it goes on at this version",
  );
}

/** Returns the error in one line. Helm's output before it only says how it got the chart. */
function inOneLine({ output }: HelmError): string {
  const error = output.slice(Math.max(0, output.lastIndexOf("\nError: ") + 1));
  return error.replace(/^Error: /, "").replace(/\s+/g, " ");
}

async function hookReasons(
  { cluster, setting, masks }: Context,
  phase: "Running" | "Failed",
  ask: typeof diagnose,
): Promise<string[]> {
  const { namespace, release } = setting;
  // Without Helm's own list nothing is known of its hooks; that they failed is reported all the same.
  const suspectJobs = await hookJobs(cluster, namespace, release, phase).catch(() => []);
  if (phase === "Running" && suspectJobs.length === 0) return [];
  return ask(cluster, namespace, { suspectJobs }, masks.mask);
}
