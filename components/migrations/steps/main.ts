/**
 * The step program: carries out one step, given as JSON on standard input. Progress goes to standard error. Standard
 * output is one JSON object, the step's result.
 */
import { text } from "node:stream/consumers";
import { connect, reasonOf } from "../cluster/connection";
import { ChartError } from "../cluster/helm/chart";
import { HelmError } from "../cluster/helm/helm";
import { JobLeftError } from "../cluster/jobs/job";
import { credentialsOf, secretTexts } from "../cluster/secret-texts";
import { UnusableAnswer } from "../cluster/unusable";
import { holdLease, LeaseHeldError, LeaseWatch, type Held } from "../cluster/run/lease";
import { leaseHolder } from "../cluster/run/lease-holder";
import { removeLeftFolders } from "../cluster/run/private-folder";
import { Masks } from "../masks";
import { describeOpenAttempt, readRecord } from "../cluster/record/record";
import { isOver } from "./attempt";
import { awaitDataMigration } from "./await-data-migration";
import { sleep, type Context } from "./context";
import { deploy } from "./deploy";
import { StepFailure } from "./failure";
import { gate } from "./gate";
import { keepFailure } from "./keep-failure";
import { endOwnLock } from "./helm-lock";
import { inputSchema, resultStands, type Setting, type Step, type StepInput } from "./input";
import { migrateDown } from "./migrate-down";
import { preflight } from "./preflight";
import { Progress } from "./progress";
import { endCutOffRestore } from "./restore/cut-off";
import { restore } from "./restore/restore";
import { snapshot } from "./snapshot";
import { verify } from "./verify";

/**
 * How long the lease stays reserved for the verification: the Release's deploy holds no lease, and while it pulls the
 * chart not even Helm's lock.
 */
const releaseSeconds = 60;

async function main(): Promise<void> {
  if (process.argv.at(-1) === resultStands) {
    // The command plugin passes on what the step printed last.
    process.stdout.write(process.env["PULUMI_COMMAND_STDOUT"] ?? "{}");
    return;
  }
  const { setting, step } = parse(await text(process.stdin));
  removeLeftFolders();
  const masks = new Masks(setting.secrets);
  const progress = new Progress(masks);
  try {
    const context = contextOf(setting, progress, masks);
    await maskSecrets(context);
    // Preflight deploys nothing, and creates the namespace that the lease needs.
    const result = step.kind === "preflight" ? await preflight(context, step) : await holding(context, step);
    process.stdout.write(JSON.stringify(result ?? {}));
  } catch (error) {
    progress.say(failureOf(error).message);
    process.exitCode = 1;
  }
}

/** Parses the input. Input that cannot be used is our own mistake; it may hold secrets and is never quoted. */
function parse(input: string): StepInput {
  const parsed = inputSchema.safeParse(json(input));
  if (parsed.success) return parsed.data;
  const where = parsed.error.issues.map(({ path }) =>
    path.length === 0 ? "it is not an object" : path.join("."),
  );
  throw new Error(`the step's input on standard input cannot be used: ${where.join(", ")}`);
}

function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function contextOf(setting: Setting, progress: Progress, masks: Masks): Context {
  const connection = { kubeconfig: setting.kubeconfig, context: setting.context };
  const { namespace, release, database } = setting;
  return {
    setting,
    connection,
    cluster: connect(connection),
    record: { namespace, release, database },
    progress,
    masks,
    signal: new AbortController().signal,
  };
}

/**
 * Masks, besides the given secrets, what pods may log and Helm may quote: the credentials in the kubeconfig and the
 * chart's Secrets.
 */
async function maskSecrets({ cluster, setting, progress, masks }: Context): Promise<void> {
  masks.add(credentialsOf(cluster));
  const { texts, unread } = await secretTexts(cluster, setting.namespace, setting.secretKeys);
  masks.add(texts);
  unread.forEach((line) => progress.say(line));
}

/** Works while holding the lease of the instance, so that two runs never work on it at once. */
async function holding(context: Context, step: Exclude<Step, { kind: "preflight" }>): Promise<unknown> {
  const { setting } = context;
  const held = await takeLease(context, leaseHolder(setting.stack));
  const losing = new AbortController();
  void held.lost.then((reason) => losing.abort(reason));
  try {
    const working = { ...context, signal: losing.signal };
    await endOwnLock(working);
    const result = await carryOut(working, step);
    // The run's next step takes the lease over, so that no other run begins between two steps.
    if (step.kind === "verify") await held.release();
    else await held.handOver(step.kind === "gate" ? releaseSeconds : undefined);
    return result;
  } catch (error) {
    const failure = losing.signal.aborted ? lostLease(losing.signal.reason) : failureOf(error);
    await Promise.all([held.release(), keepFailure(context, step, failure)]);
    throw failure;
  }
}

function lostLease(reason: unknown): StepFailure {
  return new StepFailure(
    String(reason),
    "the step was ended; what it had begun in the cluster goes on there",
    "find the other run, wait for it, then run pulumi up again",
  );
}

/**
 * Takes the lease. If its holder has died, the lease is not renewed and runs out, so it is waited for. A lease that is
 * renewed is not waited for.
 */
async function takeLease(context: Context, holder: string): Promise<Held> {
  const { connection, setting, progress, signal } = context;
  const watch = new LeaseWatch();
  let found: LeaseHeldError | undefined;
  for (;;) {
    try {
      return await holdLease(connection, setting.namespace, setting.release, holder, watch);
    } catch (error) {
      if (!(error instanceof LeaseHeldError)) throw error;
      if (found !== undefined && found.message !== error.message) throw await heldByAnother(context, error);
      if (found === undefined) {
        progress.say(
          `waiting for up to ${error.seconds} s: the lease is held by ${error.holder}, which is at work or died`,
        );
      }
      found = error;
    }
    await sleep(500, signal);
  }
}

/** Reports who holds the lease, since when, and what that run is doing. */
async function heldByAnother(
  { cluster, setting, record }: Context,
  held: LeaseHeldError,
): Promise<StepFailure> {
  const stored = await readRecord(cluster, record).catch(() => null);
  const at = describeOpenAttempt(stored);
  const what = at === "" ? "" : `; it is ${at}`;
  return new StepFailure(
    `another run works on release ${setting.release}: ${held.message}${what}`,
    "nothing was changed by this step",
    "wait until bsr status says that nobody works on it, then run pulumi preview: it plans from what is there then",
  );
}

/**
 * Steps that need not settle a cut-off restore first: a restore does so itself, and the others follow a deploy that
 * has.
 */
const settled: readonly Step["kind"][] = ["restore", "migrateDown", "verify"];

async function carryOut(context: Context, step: Exclude<Step, { kind: "preflight" }>): Promise<unknown> {
  if (step.kind !== "verify" && (await isOver(context, step))) {
    context.progress.say(`done before: transition ${context.setting.transition} is over, and verified`);
    return undefined;
  }
  if (!settled.includes(step.kind)) await endCutOffRestore(context);
  switch (step.kind) {
    case "deploy":
      return deploy(context, step);
    case "awaitDataMigration":
      return awaitDataMigration(context, step);
    case "snapshot":
      return snapshot(context, step);
    case "restore":
      return restore(context, step);
    case "gate":
      return gate(context, step);
    case "migrateDown":
      return migrateDown(context, step);
    case "verify":
      return verify(context, step);
  }
}

function failureOf(error: unknown): StepFailure {
  if (error instanceof StepFailure) return error;
  if (error instanceof HelmError || error instanceof ChartError) {
    return new StepFailure(
      error.message,
      "pods that were ready before go on serving",
      "fix the cause, then run pulumi up again: it goes on at this step",
    );
  }
  if (error instanceof JobLeftError) {
    return new StepFailure(
      `a Job could not be ended: ${error.message}`,
      "it may still be at work, so nothing was begun after it",
      `${error.remedy}; then run pulumi up again`,
    );
  }
  if (error instanceof UnusableAnswer) {
    const { found, wanted } = error;
    return new StepFailure(
      [found, `wanted: ${wanted}`].join("; "),
      "the step may have been half done; it is safe to run again",
      `${error.remedy}; then run pulumi up again`,
    );
  }
  return new StepFailure(
    reasonOf(error),
    "the step may have been half done; it is safe to run again",
    "fix the cause, then run pulumi up again",
  );
}

main()
  .catch((error: unknown) => {
    process.stderr.write(`${reasonOf(error)}\n`);
    process.exitCode = 1;
  })
  // A step that lost its lease must not wait for work that it may no longer do.
  .finally(() => process.exit());
