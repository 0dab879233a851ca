import {
  isPending,
  isUninstalling,
  mayChangeValues,
  pendingDeploy,
} from "../../migrations/cluster/helm/pending";
import { describeOpenAttempt } from "../../migrations/cluster/record/record";
import type { Observation } from "../observation/position";

/**
 * Says who works on the instance at this moment; `null` if nobody does. It is shown beside the plan and not kept in the
 * state, because it is soon over.
 */
export function underWay({ holding, live, record }: Observation, now: Date): string | null {
  const at = describeOpenAttempt(record);
  const what = at === "" ? "" : ` It is ${at}.`;
  if (holding !== null && holding.runsOut > now) {
    return (
      `${holding.holder} has held the lease since ${holding.since.toISOString()}, until ` +
      `${holding.runsOut.toISOString()} unless it is renewed.${what} ${untilThen}`
    );
  }
  // The Release's own deploy holds no lease.
  if (live === undefined) return null;
  if (isUninstalling(live)) {
    return `Helm uninstalls ${live.version}, revision ${live.revision}, or that broke off: bsr status says how to finish it. ${untilThen}`;
  }
  if (!isPending(live)) return null;
  const own = pendingDeploy({ live, record })?.attempt;
  const nobody = mayChangeValues(live, record?.verified)
    ? "Helm does not say who began it: somebody by hand, or a pulumi up that changed values"
    : "Helm does not say who began it, and no transition did";
  const who =
    own === undefined
      ? nobody
      : `stack ${own.stack} began it${own.run === undefined ? "" : ` on ${own.run.host}`} at ${own.at}`;
  return `Helm has ${live.version} at revision ${live.revision} as ${live.status} since ${live.deployedAt}: ${who}. ${untilThen}`;
}

const untilThen =
  "What this preview shows may soon be out of date; wait until bsr status says that nobody works on it.";
