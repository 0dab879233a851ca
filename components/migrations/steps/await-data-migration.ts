import { updateRecord } from "../cluster/record/record";
import { withDataMigration } from "../cluster/record/changes";
import { checkPrecondition, readSituation } from "./attempt";
import { runCommand, type Ended } from "./command";
import type { Context } from "./context";
import { duration } from "./duration";
import { StepFailure } from "./failure";
import type { AwaitDataMigrationStep } from "./input";
import { Wait } from "./wait";

/**
 * Waits at a required stop until its data migration has completed (R7). No signal of its completion is documented, so
 * the step relies on the user's check or the user's confirmation. Without either it stops here.
 */
export async function awaitDataMigration(context: Context, step: AwaitDataMigrationStep): Promise<void> {
  const wait = new Wait(context, step.version, step.timeoutSeconds);
  await checkServing(context, step);
  if (step.confirmed) {
    context.progress.say(`${step.version}: data migration confirmed as completed in the configuration`);
  } else if (step.check !== null) {
    await awaitCheck(context, step, step.check, wait);
  } else {
    throw new StepFailure(
      `${step.version} is deployed and migrates its data in the background; no later minor may be deployed ` +
        "before that has completed, and nothing is configured that says when",
      `${step.version} is verified and serving`,
      `once it has completed, confirm it with bsr:dataMigrations: {"completed": ["${step.version}"]}, or give a ` +
        'check with bsr:dataMigrations: {"check": [<command and arguments>]}; then run pulumi up again',
    );
  }
  await wait.read(() => checkServing(context, step));
  const done = { version: step.version, lineage: context.setting.lineage, at: new Date().toISOString() };
  await wait.read(() =>
    updateRecord(context.cluster, context.record, (stored) => withDataMigration(stored, done)),
  );
}

/**
 * Refuses if the data cannot be migrating: the release was changed by hand since the plan was made, or maintenance is
 * on.
 */
async function checkServing(context: Context, step: AwaitDataMigrationStep): Promise<void> {
  const situation = await readSituation(context);
  checkPrecondition(context, step, situation);
  const { live } = situation;
  if (live?.maintenance !== true) return;
  throw new StepFailure(
    `the data migration of ${step.version} cannot run while maintenance is on (revision ${live.revision})`,
    "nothing was changed by this step",
    "run pulumi up again: it plans from what is there now",
  );
}

async function awaitCheck(
  context: Context,
  step: AwaitDataMigrationStep,
  check: readonly string[],
  wait: Wait,
): Promise<void> {
  for (;;) {
    const left = step.timeoutSeconds * 1000 - wait.elapsedMilliseconds;
    const { status, lastLine } = await runCheck(check, left, context.signal);
    const after = duration(wait.elapsedMilliseconds);
    if (status === 0) {
      context.progress.say(`${step.version}: data migration completed after ${after}`);
      return;
    }
    const says = lastLine === "" ? "" : `: ${lastLine}`;
    wait.tell(
      `data migration not completed yet${says}`,
      `data migration not completed after ${after}${says}`,
    );
    if (wait.isOver) {
      throw new StepFailure(
        `the data migration of ${step.version} did not complete within ${step.timeoutSeconds} s ` +
          `(the check ended with status ${status}${says})`,
        `${step.version} is verified and serving, and goes on migrating`,
        "run pulumi up again: it continues to wait",
      );
    }
    await wait.pause(step.intervalSeconds * 1000);
  }
}

async function runCheck(check: readonly string[], timeout: number, signal: AbortSignal): Promise<Ended> {
  try {
    return await runCommand(check, { timeout, signal });
  } catch (error) {
    if (signal.aborted) throw error;
    throw new StepFailure(
      `the check of bsr:dataMigrations could not be run: ${(error as Error).message}`,
      "the deployed version is verified and serving",
      "correct the command in bsr:dataMigrations, then run pulumi up again",
    );
  }
}
