import type { LedgerPlan, LedgerPosition } from "../../../components/bsr-release/ledger/state";
import { factsOf } from "../../../components/bsr-release/ledger/plan";
import {
  expectationOf,
  schemaToSave,
  schemaVersionOf,
  type Place,
} from "../../../components/bsr-release/plan/places";
import type { Facts } from "../../../components/migrations/facts";
import {
  emptyRecord,
  isVerified,
  type Restoring,
  type Snapshot,
  type TransitionRecord,
} from "../../../components/migrations/cluster/record/record";
import {
  boundsAt,
  cutOffRestore,
  withAttempt,
  withDataMigration,
  withRestore,
  withRestoring,
  withSwitchedOver,
  withTransition,
  withVerified,
} from "../../../components/migrations/cluster/record/changes";
import type { Step } from "../../../components/migrations/planner";
import { checkPrecondition } from "../../../components/migrations/steps/attempt";
import { helmDescription } from "../../../components/migrations/steps/context";
import { isDone } from "../../../components/migrations/steps/deploy";
import { StepFailure } from "../../../components/migrations/steps/failure";
import { foreignSince } from "../../../components/migrations/steps/foreign";
import { schemaProblems } from "../../../components/migrations/steps/health";
import { pendingDeploy } from "../../../components/migrations/cluster/helm/pending";
import { refuseUnknown } from "../../../components/migrations/steps/prepare-down";
import { markedSnapshots, outdated } from "../../../components/migrations/steps/snapshots/retention";
import { requestFor } from "../asking";
import { isUnmigrated, type RestoreJob } from "./cluster";
import { LawBroken } from "./laws";
import { schemaOf } from "./releases";
import type { Stack } from "./stack";

type Of<kind extends Step["kind"]> = Extract<Step, { kind: kind }>;
type Expected = ReturnType<typeof expectationOf>;

const snapshotsKept = 3;

/**
 * The step program, for one plan. What a step decides is the product's own code: the precondition, what is put on
 * record, whether a hop was done before, whose lock is ended, what a status page must show, what the owner's binary
 * knows, which snapshots go. The order of effects is that of the files in components/migrations/steps, read and
 * written down here, with a moment wherever a run can end between two of them.
 */
export class StepProgram {
  readonly #setting;
  readonly #facts: Facts;

  constructor(
    private readonly stack: Stack,
    private readonly plan: LedgerPlan,
    private readonly position: LedgerPosition,
  ) {
    this.#setting = {
      ...{ transition: plan.transition, lineage: plan.lineage },
      deploys: plan.steps.filter(({ kind }) => kind === "deploy").length,
      ...{ namespace: "bsr", release: "bsr", chart: "bsr", database: "db", stack: "bsr/test" },
      ...{ secrets: [], secretKeys: [] },
      method: null,
      highWaterMark: position.highWaterMark ?? null,
      schemaOwner: position.schemaOwner ?? null,
    };
    const { tells100 } = stack.config;
    const releases = tells100 ? [{ version: "1.0.0", databaseVersion: 170 } as never] : [];
    this.#facts = factsOf(requestFor(plan.to, { policy: { releases } }), {});
  }

  get #cluster() {
    return this.stack.cluster;
  }

  get #situation() {
    const { live, history, record } = this.#cluster;
    return { live, newest: history.at(-1)?.revision ?? 0, record };
  }

  run(step: Step, place: Place): void {
    switch (step.kind) {
      case "deploy":
        return this.#deploy(step, place);
      case "snapshot":
        return this.#snapshot(step, place);
      case "awaitDataMigration":
        return this.#await(step, place);
      case "restore":
        return this.#restore(step);
      case "migrateDown":
        return this.migrateDown(step, place.after ?? "", true);
    }
  }

  /** preflight.ts: an empty record tells a database that was never used from one whose record was lost. */
  preflight(): void {
    this.#write((record) => record);
  }

  /** deploy.ts */
  #deploy(step: Of<"deploy">, place: Place): void {
    this.#endOwnLock();
    this.#endCutOffRestore();
    const expected = expectationOf(this.#facts, { ...step, owner: place.owner });
    if (isDone({ setting: this.#setting }, step, this.#situation)) return;
    this.#prepareDown(step.version, place);
    this.#beginAttempt(expected, place.after);
    this.stack.moment("deploy: the attempt is on record");
    const description = helmDescription(this.#setting, step.version, step.maintenance);
    this.#cluster.upgrade(
      { version: step.version, maintenance: step.maintenance, description, jump: place.inMaintenance },
      (what) => this.stack.moment(`deploy: ${what}`),
    );
    this.#verifyDeploy(expected);
  }

  /** gate.ts; without a step there is nothing to deploy. */
  begin(step: Of<"deploy"> | undefined, place: Place | undefined): void {
    this.#endOwnLock();
    this.#endCutOffRestore();
    const version = this.plan.to;
    if (step === undefined || place === undefined) {
      this.#checkPrecondition(version, null);
      this.#write((stored) => withTransition(stored, this.#setting));
      return;
    }
    const expected = expectationOf(this.#facts, { version, maintenance: false, owner: place.owner });
    this.#refuseUsedDatabase(expected);
    this.#prepareDown(version, place);
    this.#beginAttempt(expected, place.after);
    if (this.plan.takesOver === true && this.#cluster.live?.status === "deployed") {
      this.#cluster.setStatus("failed");
      this.stack.moment("begin: the revision is given up");
    }
  }

  /** verify.ts */
  verify(): void {
    this.#endOwnLock();
    const { to: version, schemaOwner: owner } = this.plan;
    this.#verifyDeploy(expectationOf(this.#facts, { version, maintenance: false, owner }));
  }

  /** migrate-down.ts */
  migrateDown({ binary, schemaVersion }: Of<"migrateDown">, version: string, isHop: boolean): void {
    this.#endOwnLock();
    const { live, record } = this.#cluster;
    const expected = expectationOf(this.#facts, { version, maintenance: false, owner: version });
    if (live?.version !== version || !isVerified(record, live))
      this.#verifyDeploy({ ...expected, keepsSchema: true });
    const before = this.#readSchemaVersion();
    if (before === null || before > schemaVersion) {
      this.#judgedByOwner(() => refuseUnknown(before, this.#down(binary, schemaVersion)));
      this.#checkPrecondition(version, version);
      this.#runOwner(binary, schemaVersion);
    }
    this.stack.moment("migrateDown: the database is down, and the record not told");
    this.#write((stored) => ({ ...stored, schemaOwner: version }));
    if (isHop) this.#verifyDeploy(expected);
  }

  /** The Job of owner/run.ts: one migration after the other, with the owner's binary. */
  #runOwner(binary: string, schemaVersion: number): void {
    const { database } = this.#cluster;
    if (database.schema > schemaOf(binary))
      throw new LawBroken(`${binary} is to undo migrations up to ${database.schema}, which it does not know`);
    const first = database.schema - 1;
    const middle = Math.floor((database.schema + schemaVersion) / 2);
    for (const schema of new Set([first, middle, schemaVersion])) {
      if (schema >= this.#cluster.database.schema || schema < schemaVersion) continue;
      this.stack.moment("migrateDown: between two migrations");
      this.#cluster.migrateDown(schema);
    }
  }

  /** await-data-migration.ts */
  #await({ version }: Of<"awaitDataMigration">, { after }: Place): void {
    this.#endOwnLock();
    this.#endCutOffRestore();
    this.#checkServing(version, after);
    if (this.stack.isPatient) this.#cluster.finishDataMigration();
    this.stack.moment("awaitDataMigration: the check runs");
    if (isUnmigrated(this.#cluster.database))
      throw new StepFailure(`the data migration of ${version} did not complete`, "", "");
    this.#checkServing(version, after);
    const done = { version, lineage: this.#setting.lineage, at: this.#cluster.now() };
    this.#write((stored) => withDataMigration(stored, done));
  }

  #checkServing(version: string, after: string | null): void {
    this.#checkPrecondition(version, after);
    if (this.#cluster.live?.maintenance === true)
      throw new StepFailure("the data migration cannot run while maintenance is on", "", "");
  }

  /** snapshot.ts */
  #snapshot({ version }: Of<"snapshot">, place: Place): void {
    this.#endOwnLock();
    this.#endCutOffRestore();
    const { lineage, transition } = this.#setting;
    const { after, inMaintenance: maintenance } = place;
    this.#checkPrecondition(version, after);
    const { live, database } = this.#cluster;
    if (live?.maintenance !== maintenance) throw new StepFailure("the release was changed", "", "");
    const wanted = schemaToSave(this.#facts, this.position, version, place);
    this.stack.moment("snapshot: the Job runs");
    if (this.#cluster.live?.revision !== live.revision)
      throw new StepFailure("the release was changed", "", "");
    if (wanted !== null && wanted !== database.schema)
      throw new StepFailure("somebody migrated the database by hand", "", "");
    const at = this.#cluster.now();
    const id = `${at}-${version}`;
    this.#cluster.save(id);
    this.stack.moment("snapshot: taken, and not on record");
    const record = this.#write((stored) => {
      const taken: Snapshot = {
        ...{ id, version, lineage, transition, maintenance, at, revision: live.revision, method: "pgDump" },
        ...boundsAt(stored, this.#setting, version, after === null),
        ...{ schemaVersion: database.schema, bytes: null, sha256: null, place: "", verified: "readable" },
        beforeFailure: false,
      };
      return { ...stored, snapshots: [...markedSnapshots(stored), taken] };
    });
    const old = outdated(record, "pgDump", snapshotsKept).map((one) => one.id);
    for (const one of old) this.#cluster.archives.delete(one);
    this.#write((stored) => ({
      ...stored,
      snapshots: stored.snapshots.filter((one) => !old.includes(one.id)),
    }));
  }

  /** restore/cut-off.ts, before a step that restores nothing. */
  #endCutOffRestore(): void {
    const restoring = this.#settleCutOff();
    if (restoring !== null)
      throw new StepFailure(`the restore of ${restoring.snapshot} had switched over`, "", "");
  }

  /** restore/cut-off.ts */
  #settleCutOff(): Restoring | null {
    const cluster = this.#cluster;
    const restoring = cluster.record === null ? null : cutOffRestore(cluster.record);
    if (restoring === null) return null;
    cluster.restoreJob = null;
    const { kept, snapshot } = restoring;
    if (kept === undefined) return null;
    if (!this.stack.config.snapshots)
      throw new StepFailure("without snapshot.pgDump nobody can be asked", "", "");
    const isDone = cluster.kept.includes(kept);
    this.stack.moment(`a restore that was cut off ${isDone ? "had" : "had not"} switched over`);
    if (!isDone) return null;
    const taken = cluster.record?.snapshots.find(({ id }) => id === snapshot);
    if (taken === undefined) throw new Error(`the record has lost the snapshot ${snapshot}`);
    this.#write((stored) => withSwitchedOver(stored, restoring, taken, cluster.now()));
    return restoring;
  }

  /** restore/restore.ts */
  #restore({ version, schemaVersion, byHand }: Of<"restore">): void {
    this.#endOwnLock();
    const { transition, lineage } = this.#setting;
    this.#checkPrecondition(version, null);
    const id = this.plan.restore ?? "";
    if (this.#settleCutOff()?.snapshot === id) return;
    const { newest, record } = this.#situation;
    const { schemaOwner = version, highWaterMark = version } = this.position;
    const snapshot =
      byHand === true ? { schemaOwner, highWaterMark } : record?.snapshots.find((one) => one.id === id);
    const archive = byHand === true ? this.#cluster.database : this.#cluster.archives.get(id);
    if (snapshot === undefined || archive === undefined)
      throw new StepFailure(`the cluster's record has no snapshot ${id}`, "", "");
    if (byHand === true && archive.schema !== schemaVersion)
      throw new StepFailure(
        `the database has schema version ${archive.schema}, not ${schemaVersion}`,
        "",
        "",
      );
    const deployedAt = this.#cluster.history.at(-1)?.deployedAt;
    const begun = { snapshot: id, transition, at: this.#cluster.now(), revision: newest, deployedAt };
    const kept = `before restore ${begun.at}`;
    const { highWaterMark: mark } = snapshot;
    this.#withoutPods(begun, byHand === true ? null : { archive, highWaterMark: mark, kept });
    if (byHand === true) this.#cluster.isToldOf(snapshot);
    const at = this.#cluster.now();
    const done = { snapshot: id, transition, revision: newest, deployedAt, at, kept: `database ${kept}` };
    this.#write((stored) => withRestore(stored, done, snapshot, lineage));
  }

  /** restore/without-pods.ts; a restore by hand has no Job. */
  #withoutPods(begun: Restoring, job: RestoreJob | null): void {
    const cluster = this.#cluster;
    const say = (restoring: Restoring) => this.#write((stored) => withRestoring(stored, restoring));
    try {
      say(begun);
      this.stack.moment("restore: on record that it began");
      cluster.stopPods();
      this.stack.moment("restore: no pod runs");
      if (job === null) return;
      say({ ...begun, kept: job.kept });
      cluster.restoreJob = job;
      this.stack.moment("restore: the Job runs");
      cluster.finishRestore();
      this.stack.moment("restore: switched over, and not on record");
    } catch (error) {
      if (!(error instanceof Error) || error.name !== "Failed") throw error;
      cluster.restoreJob = null;
      if (job !== null && cluster.kept.includes(job.kept)) return;
      cluster.startPods();
      this.#write((stored) => ({ ...stored, restoring: null }));
      throw error;
    }
  }

  /** verification/verify-deploy.ts */
  #verifyDeploy(expected: Expected): void {
    const cluster = this.#cluster;
    const { live } = cluster;
    if (live?.version !== expected.version) throw new StepFailure(`${expected.version} is not live`, "", "");
    if (foreignSince(cluster.history, cluster.record, this.#setting.transition) !== undefined)
      throw new StepFailure("somebody has deployed since this deploy had begun", "", "");
    if (live.status !== "deployed")
      throw new StepFailure(`revision ${live.revision}: ${live.status}`, "", "");
    cluster.startPods();
    while (cluster.rollout !== null) {
      this.stack.moment(`verification: pods ${cluster.rollout.stage}`);
      cluster.advance();
    }
    const before = cluster.record?.attempts.at(-1)?.schemaBefore ?? null;
    const target = schemaOf(expected.version);
    const page = { current: cluster.database.schema, target };
    const problems = expected.statusPage ? schemaProblems(page, expected, before) : [];
    if (problems.length > 0) throw new StepFailure(`not healthy: ${problems.join("; ")}`, "", "");
    if (cluster.live?.revision !== live.revision)
      throw new StepFailure(`revision ${live.revision} was replaced`, "", "");
    this.stack.moment("verification: complete, and not on record");
    const { version, revision, deployedAt } = live;
    const verified = { version, revision, deployedAt, at: cluster.now() };
    const learned = expected.statusPage ? target : null;
    this.#write((stored) => withVerified(stored, verified, learned));
    cluster.isVerified(live.revision);
  }

  /** helm-lock.ts, once the run that left the lock is proven dead. */
  #endOwnLock(): void {
    if (pendingDeploy(this.#situation) === undefined) return;
    this.#cluster.unlock();
    this.stack.moment("the lock of a run that died is ended");
  }

  /** used-database.ts */
  #refuseUsedDatabase({ version, schemaVersion }: Expected): void {
    const { live, record, database } = this.#cluster;
    const isKnown = (record?.schemaOwner ?? record?.highWaterMark ?? null) !== null;
    if (live !== undefined || isKnown || !this.stack.config.snapshots) return;
    if (database.schema === 0 || database.schema === schemaVersion) return;
    throw new StepFailure(`the database was used before ${version}`, "", "");
  }

  /** prepare-down.ts */
  #prepareDown(version: string, { after, down }: Place): void {
    if (down === undefined) return;
    this.#checkPrecondition(version, after);
    const { binary, schemaVersion } = down;
    const current = this.#readSchemaVersion();
    if (current !== null && current <= schemaVersion) return;
    const told = this.#down(binary, schemaVersion);
    this.#judgedByOwner(() => refuseUnknown(current, told));
    const rehearsed = current ?? told.ownSchemaVersion;
    if (rehearsed === null) throw new StepFailure("nothing tells the schema version", "", "");
    const { live, database } = this.#cluster;
    const isDeployed = live !== undefined && minorOf(live.version) === minorOf(version);
    if (current === null && isDeployed) return;
    this.stack.moment("deploy: the rehearsal runs");
    if (rehearsed !== database.schema)
      throw new StepFailure(
        `the rehearsal at ${rehearsed} failed; the database has ${database.schema}`,
        "",
        "",
      );
  }

  #down(binary: string, schemaVersion: number) {
    const ownSchemaVersion = schemaVersionOf(this.#facts, binary);
    return { binary, schemaVersion, ownSchemaVersion } as Parameters<typeof refuseUnknown>[1];
  }

  #judgedByOwner(judge: () => void): void {
    try {
      judge();
    } catch (error) {
      throw new StepFailure((error as Error).message, "", "");
    }
  }

  /** schema-version.ts: a status page, else the connection of snapshot.pgDump. */
  #readSchemaVersion(): number | null {
    return this.#readCurrentSchema() ?? (this.stack.config.snapshots ? this.#cluster.database.schema : null);
  }

  /** health.ts: from any pod that has a status page. */
  #readCurrentSchema(): number | null {
    const { pods, live, database } = this.#cluster;
    const pages = pods.some(({ version }) => expectationOf(this.#facts, told(version)).statusPage);
    return live !== undefined && pages ? database.schema : null;
  }

  #checkPrecondition(version: string, after: string | null): void {
    const plannedAtRevision = this.position.revision ?? null;
    checkPrecondition({ setting: this.#setting }, { version, after, plannedAtRevision }, this.#situation);
  }

  /** attempt.ts */
  #beginAttempt({ version, keepsSchema }: Expected, after: string | null): void {
    this.#checkPrecondition(version, after);
    const { live, newest } = this.#situation;
    const { transition, lineage, stack } = this.#setting;
    const schemaBefore = keepsSchema ? this.#readCurrentSchema() : null;
    this.#write((stored) => {
      const from = live === undefined ? null : (stored.verified?.version ?? live.version);
      const at = this.#cluster.now();
      const attempt = { version, revision: newest + 1, transition, at, stack, schemaBefore, lineage, from };
      return withAttempt(stored, attempt, this.#setting, after === null);
    });
  }

  #write(change: (record: TransitionRecord) => TransitionRecord): TransitionRecord {
    const record = change(this.#cluster.record ?? emptyRecord);
    this.#cluster.record = record;
    return record;
  }
}

function told(version: string) {
  return { version, maintenance: false, owner: undefined };
}

function minorOf(version: string): string {
  return version.split(".").slice(0, 2).join(".");
}
