import type { Revision } from "../../components/migrations/cluster/helm/history";
import { judgeRollout, RolloutRefused } from "../../components/migrations/cluster/pods/rollout";
import type { Mask } from "../instance/masks";
import { oldPods, workloadsOf, type Running } from "../../components/migrations/cluster/pods/workloads";

/** The progress of the live revision's pods. */
export interface RolloutState {
  /**
   * `complete`: all are ready, and none of an older template is left. `running`: pods are being replaced, and
   * nothing is in the way. `stuck`: something is. `not-ready`: nothing is replaced, and pods are not ready.
   */
  readonly state: "complete" | "running" | "stuck" | "not-ready";
  /** What is not complete. */
  readonly line: string;
  /** What is in the way, one reason for each pod or workload. */
  readonly troubles: readonly string[];
}

/** Judges the pods as a verification does, at one moment. */
export function rolloutState(
  running: Running,
  before: readonly Revision[],
  live: Revision,
  verified: boolean,
  mask: Mask,
): RolloutState {
  const previous = before.flatMap(({ manifest }) => workloadsOf(manifest));
  const present = workloadsOf(live.manifest);
  try {
    const { complete, line, troubles } = judgeRollout(running, previous, present);
    if (complete) return { state: "complete", line, troubles: [] };
    if (troubles.length > 0) {
      const told = troubles.map(({ subject, reason, message }) => `${subject}: ${reason}: ${mask(message)}`);
      return { state: "stuck", line, troubles: told };
    }
    // If the revision was verified and no old pods are left, nothing is being replaced: its pods became unready.
    const replaced = !verified || oldPods(running, previous, present).length > 0;
    return { state: replaced ? "running" : "not-ready", line, troubles: [] };
  } catch (error) {
    if (!(error instanceof RolloutRefused)) throw error;
    return { state: "stuck", line: error.message, troubles: [] };
  }
}
