import { CoreV1Api } from "../../kubernetes-client";
import { ifFound } from "../cluster/connection";
import { updateRecord } from "../cluster/record/record";
import { withEvent, type RecordEvent } from "../cluster/record/events";
import { methodOf, SnapshotError } from "./snapshots";
import { preflight as findingsOf } from "../preflight";
import type { Context } from "./context";
import { StepFailure } from "./failure";
import type { PreflightStep } from "./input";
import { Wait } from "./wait";

/**
 * Checks once more everything that can be checked before anything is deployed: since the preview, charts may have
 * changed and permissions may have been withdrawn. All problems are reported at once.
 */
export async function preflight(context: Context, step: PreflightStep): Promise<void> {
  const { setting, cluster, progress } = context;
  const { namespace, release } = setting;
  const { problems } = await findingsOf({
    cluster,
    namespace,
    release,
    source: setting,
    deploys: step.deploys.map((deploy) => ({ ...deploy, free: null, known: true })),
    secrets: step.secrets,
    made: [],
    work: [
      ...(step.snapshots?.kind === "pgDump" ? (["snapshots"] as const) : []),
      ...(step.migratesDown ? (["migrateDown"] as const) : []),
    ],
  });
  if (problems.length > 0) {
    const lines = problems.map(
      ({ code, found, wanted, remedy }) =>
        `${code}\n  found:  ${found}\n  wanted: ${wanted}\n  remedy: ${remedy}`,
    );
    throw new StepFailure(
      ["the path cannot be walked:", ...lines].join("\n"),
      "nothing was deployed",
      "fix what is listed, then run pulumi up again",
    );
  }
  await ensureNamespace(context);
  if (step.snapshots !== null) await prepareSnapshots(context, step.snapshots, step.restores);
  // Even without deploys, this record tells a database that was never used from one whose record was lost.
  await updateRecord(cluster, context.record, (record) => withEvent(record, begun(context, step)));
  progress.say(`charts ${step.deploys.map(({ version }) => version).join(", ")} can be deployed`);
}

function begun({ setting }: Context, { from, to }: PreflightStep): RecordEvent {
  const { transition, lineage, stack } = setting;
  return { kind: "begun", transition, lineage, at: new Date().toISOString(), stack, from, to };
}

/** Checks that a snapshot can be taken: it is better to know now than in maintenance. */
async function prepareSnapshots(
  context: Context,
  input: NonNullable<PreflightStep["snapshots"]>,
  restores: boolean,
): Promise<void> {
  try {
    await methodOf(input).prepare(context, new Wait(context, "snapshot", input.timeoutSeconds), restores);
  } catch (error) {
    if (!(error instanceof SnapshotError)) throw error;
    throw new StepFailure(
      `no snapshot could be taken or restored: ${error.message}`,
      "nothing was deployed",
      "fix the cause (the argument snapshot, its image, its volume claim), then run pulumi up again",
    );
  }
  context.progress.say(`snapshots can be ${restores ? "restored" : "taken"}`);
}

/** Creates the namespace outside the Release, so that nothing of ours ever deletes it: the record lives in it. */
async function ensureNamespace({ cluster, setting }: Context): Promise<void> {
  const core = cluster.makeApiClient(CoreV1Api);
  const name = setting.namespace;
  if ((await ifFound(core.readNamespace({ name }))) !== undefined) return;
  await core.createNamespace({ body: { metadata: { name } } });
}
