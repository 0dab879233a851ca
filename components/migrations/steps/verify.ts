import { attemptOf, updateRecord, type TransitionRecord } from "../cluster/record/record";
import { withDone } from "../cluster/record/events";
import { snapshotSummaries, type SnapshotSummary } from "../cluster/record/snapshot-summary";
import type { Context } from "./context";
import type { VerifyStep } from "./input";
import { summaryOf } from "./summary";
import { verifyDeploy } from "./verification/verify-deploy";
import { Wait } from "./wait";

/** What the last verification found: the component's outputs say what is there, not what was intended. */
export interface Verified {
  readonly deployedVersion: string;
  readonly schemaOwner: string;
  readonly highWaterMark: string;
  readonly verifiedAt: string;
  readonly snapshots: readonly SnapshotSummary[];
}

/** Verifies the deploy that the Release made, and sums up the transition that it ends. */
export async function verify(context: Context, step: VerifyStep): Promise<Verified> {
  const record = await verifyDeploy(context, step);
  const { transition } = context.setting;
  const wait = new Wait(context, step.version, step.timeoutSeconds);
  await wait.read(() =>
    updateRecord(context.cluster, context.record, (stored) =>
      withDone(stored, { transition, at: stored.verified?.at ?? "", version: step.version }),
    ),
  );
  sumUp(context, step, record);
  const { verified, schemaOwner, highWaterMark } = record;
  return {
    deployedVersion: step.version,
    schemaOwner: schemaOwner ?? step.version,
    highWaterMark: highWaterMark ?? step.version,
    verifiedAt: verified?.at ?? "",
    snapshots: snapshotSummaries(record),
  };
}

/** Sums up the transition. A change of values alone is not an attempt and ends no transition. */
function sumUp({ progress }: Context, { version }: VerifyStep, record: TransitionRecord): void {
  const { verified } = record;
  const attempt = verified === null ? undefined : attemptOf(record, verified);
  if (attempt === undefined || attempt.verifiedAt !== verified?.at) return;
  progress.say(`${version}: done, ${summaryOf(record, attempt)}`);
}
