import { strict as assert } from "node:assert";
import type { V1DaemonSet, V1Deployment, V1StatefulSet } from "@kubernetes/client-node";
import {
  emptyRecord,
  recordName,
  type Restoring,
  type Snapshot,
  type TransitionRecord,
} from "../../components/migrations/cluster/record/record";
import { leaseHolder } from "../../components/migrations/cluster/run/lease-holder";
import { StepFailure } from "../../components/migrations/steps/failure";
import type { RestoreStep } from "../../components/migrations/steps/input";
import type { MethodInput, PgDumpInput } from "../../components/migrations/steps/snapshots/input";
import { helmSecret, manifestOf, payload, stored } from "../bad-input/api-server";
import { FakeCluster, type Kept } from "./fake-cluster";
import { contextOn } from "./fake-context";

export const pgDump: PgDumpInput = {
  kind: "pgDump",
  access: { host: "db", port: 5432, database: "bsr", user: "bsr", passwordSecret: "bufd-postgres" },
  ...{ image: "postgres", pullSecrets: [], claim: "bsr-snapshots", size: "1Gi", storageClass: null },
  ...{ keep: 5, verify: "readable", timeoutSeconds: 3600 },
};

/** A snapshot of 1.2.0, as it is on record. */
export function snapshotOf(id: string, method: Snapshot["method"] = "pgDump"): Snapshot {
  return {
    ...{ id, method, version: "1.2.0", schemaVersion: 239, highWaterMark: "1.2.0", schemaOwner: "1.2.0" },
    ...{ lineage: 1, transition: 1, revision: 1, maintenance: false, at: "2026-01-01T00:00:00Z" },
    ...{ bytes: 1, sha256: "0", place: "here", verified: "readable", beforeFailure: false },
  };
}

/** What a Job's script is for, told by what it says. */
export type Work = "check" | "restore" | "ask";

const scripts: readonly [Work, RegExp][] = [
  ["ask", /switchedOver/],
  ["restore", /switching over/],
  ["check", /does not own the database/],
];

/**
 * An instance that runs 1.12.1 at revision 2, with a snapshot of 1.2.0 on record, and a controller that starts and ends
 * pods as a Deployment wants. A test says what a Job comes to.
 */
export class Restoration {
  readonly cluster = new FakeCluster();
  /** What becomes of a Job: its log and exit status; nothing where it stays at work. */
  comesTo: (work: Work, env: Readonly<Record<string, string>>) => readonly [number, string] | undefined = (
    work,
  ) => (work === "ask" ? [0, 'result: {"switchedOver":false}'] : [0, restored]);
  /** The Jobs that were made. */
  readonly jobs: Work[] = [];

  async start(): Promise<void> {
    await this.cluster.start();
    const { cluster } = this;
    cluster.after = ({ method, path, body }) => {
      if (method === "POST" && path.endsWith("/jobs")) this.#works(body as Kept);
      if (method === "PATCH" && path.endsWith("/deployments/bufd")) this.#scales();
    };
    cluster.keep("api/v1/namespaces/bsr/secrets", helmSecret(stored(this.#revision()), 2));
    const deployment: V1Deployment = {
      metadata: { name: "bufd", namespace: "bsr", annotations: { "deployment.kubernetes.io/revision": "2" } },
      // Of a newer cluster than this client.
      spec: { replicas: 2, selector: {}, template: {}, newerField: "kept" } as never,
    };
    cluster.keep("apis/apps/v1/namespaces/bsr/deployments", deployment);
    this.#scales();
    this.isLeasedBy(leaseHolder("bsr/test"));
    this.writes({
      ...emptyRecord,
      ...{ transition: 1, lineage: 1, highWaterMark: "1.12.1", schemaOwner: "1.12.1" },
      verified: { version: "1.12.1", revision: 2, at: "2026-01-02T00:00:00Z" },
      snapshots: [snapshotOf("one"), snapshotOf("other"), snapshotOf("by-command", "command")],
    });
  }

  stop(): Promise<void> {
    return this.cluster.stop();
  }

  step(snapshot = "one", method: MethodInput = pgDump): RestoreStep {
    const precondition = { version: "1.2.0", plannedAtRevision: 2, after: null };
    return { kind: "restore", ...precondition, snapshot, byHand: null, method };
  }

  context(method: MethodInput | null = pgDump) {
    return contextOn(this.cluster, { method });
  }

  writes(record: TransitionRecord): void {
    this.cluster.keep("api/v1/namespaces/bsr/configmaps", {
      metadata: { name: this.#record },
      data: { record: JSON.stringify(record) },
    });
  }

  /** A run that restored was killed. */
  isCutOff(restoring: Partial<Restoring> = {}): void {
    const begun = { snapshot: "one", transition: 2, at: "2026-01-03T00:00:00Z", revision: 2 };
    this.writes({ ...this.record, restoring: { ...begun, ...restoring } });
  }

  get record(): TransitionRecord {
    const { data } = this.cluster.find(`configmaps/${this.#record}`) as unknown as {
      data: { record: string };
    };
    return JSON.parse(data.record) as TransitionRecord;
  }

  isLeasedBy(holder: string): void {
    const now = new Date().toISOString();
    this.cluster.keep("apis/coordination.k8s.io/v1/namespaces/bsr/leases", {
      metadata: { name: "bsr-transition" },
      spec: { holderIdentity: holder, renewTime: now, acquireTime: now, leaseDurationSeconds: 15 },
    });
  }

  get deployment(): V1Deployment & Kept {
    return this.cluster.find("deployments/bufd") as never;
  }

  keeps(kind: "statefulsets" | "daemonsets", workload: V1StatefulSet | V1DaemonSet): void {
    this.cluster.keep(`apis/apps/v1/namespaces/bsr/${kind}`, workload);
  }

  get #record(): string {
    return recordName({ namespace: "bsr", release: "bsr", database: "db/bsr" });
  }

  #revision(): string {
    const others =
      manifestOf("queue").replace("Deployment", "StatefulSet") +
      manifestOf("agent").replace("Deployment", "DaemonSet");
    return JSON.stringify({ ...payload("1.12.1", 2), manifest: manifestOf("bufd") + others });
  }

  /** The pods of the Deployment, as many as it wants. */
  #scales(): void {
    for (const name of ["bufd-1", "bufd-2"]) this.cluster.drop(`pods/${name}`);
    if (this.deployment.spec?.replicas === 0 && !this.cluster.held.has("pods/bufd-1")) return;
    for (const name of ["bufd-1", "bufd-2"])
      this.cluster.keep("api/v1/namespaces/bsr/pods", {
        metadata: { name, labels: { app: "bufd" } },
        spec: { nodeName: "node-7", terminationGracePeriodSeconds: 60, containers: [] },
      });
  }

  #works(job: Kept): void {
    const container = (job as never as { spec: { template: { spec: { containers: [Container] } } } }).spec
      .template.spec.containers[0];
    const [, , script = ""] = container.command;
    const [work = "check"] = scripts.find(([, says]) => says.test(script)) ?? [];
    this.jobs.push(work);
    const env = Object.fromEntries(container.env.map(({ name, value = "" }) => [name, value]));
    const ended = this.comesTo(work, env);
    if (ended === undefined) this.cluster.runsJob(job.metadata.name);
    else this.cluster.endsJob(job.metadata.name, ...ended);
  }
}

interface Container {
  readonly command: readonly string[];
  readonly env: readonly { readonly name: string; readonly value?: string }[];
}

/** What a restore's Job says at its end. */
const restored = 'result: {"kept":"database bsr_before_restore_1","schemaVersion":239}';

/** The failure of a step. */
export async function failureOf(step: Promise<unknown>): Promise<StepFailure> {
  const error = await step.then(
    () => new Error("Expected a failure, and the step has passed"),
    (reason: unknown) => reason,
  );
  assert.ok(error instanceof StepFailure, String(error));
  return error;
}
