import { locate } from "../../components/bsr-release/observation/position";
import { isPending, pendingDeploy } from "../../components/migrations/cluster/helm/pending";
import { describeEdited } from "../../components/migrations/cluster/pods/images";
import { cutOffRestore } from "../../components/migrations/cluster/record/changes";
import {
  isVerified,
  verifiedInThisLife,
  type TransitionRecord,
} from "../../components/migrations/cluster/record/record";
import {
  snapshotSummaries,
  type SnapshotSummary,
} from "../../components/migrations/cluster/record/snapshot-summary";
import { attentionTo, restoreCutOff, type Attention } from "./attention";
import { leaseState, type LeaseState } from "./lease";
import { moment } from "../moment";
import type { Observed } from "./observe";
import { rolloutState, type RolloutState } from "./rollout";
import { schemaVersionOf, type SchemaVersion } from "./schema-version";
import { pageState, type PageState } from "./page";
import type { WorkloadState } from "./workloads";

/** Where an instance stands. This is what `bsr status --json` prints; docs/cli.md describes it. */
export interface Status {
  readonly state: "healthy" | "in-transition" | "needs-attention";
  /** Why it is in transition. */
  readonly transition: string | null;
  /** Why it needs attention, the most pressing first; empty while it is in transition. */
  readonly attention: readonly Attention[];
  readonly namespace: string;
  readonly release: string;
  readonly database: string | null;
  /** Whether the cluster has a record of this database. */
  readonly recorded: boolean;
  /** The version that was last deployed and verified. */
  readonly deployed: Deployed | null;
  readonly live: Live | null;
  /** The newest deploy that began after the last verification. */
  readonly attempted: Attempted | null;
  readonly schemaOwner: string | null;
  readonly schemaVersion: SchemaVersion | null;
  readonly highWaterMark: string | null;
  readonly settled: boolean;
  readonly maintenance: boolean;
  /** Whether what is live was not deployed by a transition. */
  readonly drift: boolean;
  /** Containers that no longer run what was verified, in words. */
  readonly edited: readonly string[];
  readonly lease: LeaseState | null;
  /** A restore that has stopped the pods, until a deploy is verified after it. */
  readonly restoring: RestoreState | null;
  /** Verified snapshots of the database, oldest first. */
  readonly snapshots: readonly SnapshotSummary[];
  readonly rollout: RolloutState | null;
  readonly workloads: readonly WorkloadState[];
  readonly statusPage: PageState | null;
}

/** What was verified, and when. */
export type Deployed = Pick<NonNullable<TransitionRecord["verified"]>, "version" | "revision" | "at">;

/** The newest revision that Helm has. */
export interface Live {
  readonly version: string;
  readonly revision: number;
  /** Helm's status. */
  readonly status: string;
  readonly description: string;
  readonly verified: boolean;
}

/** A deploy that began and was not verified. */
export interface Attempted {
  readonly version: string;
  readonly revision: number;
  readonly at: string;
  readonly stack: string;
}

/** A restore after which no deploy was verified yet. */
export interface RestoreState {
  readonly snapshot: string;
  /** When it began to stop the pods. */
  readonly since: string;
  /** Whether it is on record as done: the database is then the snapshot's. */
  readonly done: boolean;
}

/** What is known of an instance before it is judged. */
export type Facts = Omit<Status, "state" | "transition" | "attention">;

/** Returns an instance's status from what was observed of it. */
export function statusOf(observed: Observed): Status {
  const facts = factsOf(observed);
  const transition = transitionOf(facts, observed);
  const attention = transition === null ? attentionTo(facts, observed.databases) : [];
  return {
    state: transition !== null ? "in-transition" : attention.length > 0 ? "needs-attention" : "healthy",
    transition,
    attention,
    ...facts,
  };
}

function factsOf(observed: Observed): Facts {
  const { live, record, running, before } = observed;
  const located = locate(observed, { highWaterMark: null, schemaOwner: null });
  const { schemaOwner, highWaterMark, settled } = located.position;
  const verified = isVerified(record, live);
  return {
    namespace: observed.instance.namespace,
    release: observed.instance.release,
    database: observed.database,
    recorded: record !== null,
    deployed: deployedVersion(observed),
    live:
      live === undefined
        ? null
        : {
            version: live.version,
            revision: live.revision,
            status: live.status,
            description: live.description,
            verified,
          },
    attempted: attemptOf(record),
    schemaOwner,
    schemaVersion: schemaVersionOf(observed.pages, schemaOwner, record?.learned ?? {}),
    highWaterMark,
    settled,
    maintenance: live?.maintenance ?? false,
    drift: located.drift !== null,
    edited: observed.edited.map(describeEdited),
    lease: leaseState(observed.holding, observed.at),
    restoring: restoreState(record),
    snapshots: record === null ? [] : snapshotSummaries(record),
    rollout: live === undefined ? null : rolloutState(running, before, live, verified, observed.mask),
    workloads: observed.workloads,
    statusPage: pageState(observed, live, schemaOwner),
  };
}

/** Returns what was verified since the release was last installed, no matter what runs now. */
function deployedVersion({ live, record, history }: Observed): Deployed | null {
  const verified = verifiedInThisLife(record, history);
  if (live === undefined || verified === null) return null;
  const { version, revision, at } = verified;
  return { version, revision, at };
}

function restoreState(record: TransitionRecord | null): RestoreState | null {
  if (record === null || record.restoring === null) return null;
  const { snapshot, at: since } = record.restoring;
  return { snapshot, since, done: cutOffRestore(record) === null };
}

function attemptOf(record: TransitionRecord | null): Attempted | null {
  const newest = record?.attempts.at(-1);
  if (newest?.open !== true) return null;
  const { version, revision, at, stack } = newest;
  return { version, revision, at, stack };
}

/** Says why an instance is in transition; `null` if nobody works on it. */
function transitionOf(facts: Facts, observed: Observed) {
  const { lease, live, drift, maintenance, rollout } = facts;
  if (lease?.state === "held") return `${lease.holder} works on it since ${moment(lease.since)}`;
  if (live === null || drift || maintenance) return null;
  if (isPending(live)) return deployOf(observed);
  // Pods that a restore has stopped are not being replaced.
  if (restoreCutOff(facts).length > 0) return null;
  return live.status === "deployed" && rollout?.state === "running"
    ? `pods are being replaced: ${rollout.line}`
    : null;
}

/** Names a deploy of our own at which Helm may still be at work: the deploy that the Release makes holds no lease. */
function deployOf({ record, live, at }: Observed): string | null {
  const pending = pendingDeploy({ live, record });
  if (pending === undefined || at > pending.endsBy) return null;
  const { attempt } = pending;
  return `Helm deploys ${attempt.version}, as ${attempt.stack} began at ${moment(attempt.at)}`;
}
