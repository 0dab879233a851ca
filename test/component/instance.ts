import type { Revision } from "../../components/migrations/cluster/helm/history";
import type { EditedImage } from "../../components/migrations/cluster/pods/images";
import { emptyRecord, type TransitionRecord } from "../../components/migrations/cluster/record/record";
import { withAttempt, withRestore, withVerified } from "../../components/migrations/cluster/record/changes";
import { withEvent, type RecordEvent } from "../../components/migrations/cluster/record/events";
import type { Observation } from "../../components/bsr-release/observation/position";

const hour = 3_600_000;

/**
 * An instance to which things happen, one verb for each: what Helm and the cluster's record show afterwards.
 * A test tells the story of its situation instead of listing revisions and records.
 */
export class Instance {
  #history: Revision[] = [];
  #record: TransitionRecord | null = null;
  #edited: EditedImage[] = [];
  #now = Date.parse("2026-01-01T00:00:00Z");

  constructor(readonly cluster = "uid-of-kube-system") {}

  /** The preflight of a new transition passes. */
  plans(to: string, { lineage }: { lineage?: number } = {}): this {
    const transition = (this.#record?.transition ?? 0) + 1;
    const from = this.#record?.verified?.version ?? null;
    const about = { transition, lineage: lineage ?? transition, stack: "bsr/test", from, to };
    return this.#tells({ kind: "begun", at: this.#tick(), ...about });
  }

  /** A step of the newest transition fails. */
  failsAt(step: string, version: string, why: string): this {
    const transition = this.#record?.transition ?? 0;
    return this.#tells({ kind: "failed", transition, at: this.#tick(), step, version, why });
  }

  /** The database is migrated down to what is live. */
  migratesDown(binary: string, from: number, to: number): this {
    const { version } = this.#live();
    const times = { begun: this.#tick(), at: this.#tick() };
    const transition = this.#record?.transition ?? 0;
    this.#tells({ kind: "migratedDown", transition, ...times, version, binary, from, to });
    return this.#writes({ ...(this.#record ?? emptyRecord), schemaOwner: version });
  }

  /** The last verification of the newest transition passes. */
  ends(): this {
    const { version } = this.#live();
    const transition = this.#record?.transition ?? 0;
    return this.#tells({ kind: "done", transition, at: this.#tick(), version });
  }

  /** A deploy of our own that is verified. */
  deploys(version: string, transition?: number): this {
    return this.begins(version, { transition }).reaches(version);
  }

  /** What was begun is deployed and verified. */
  reaches(version: string): this {
    return this.#revise(version, "deployed").#verify();
  }

  /** A deploy of our own whose pods never become ready: Helm has it live, nothing verified it. */
  failsToVerify(version: string, transition?: number): this {
    return this.begins(version, { transition }).#revise(version, "deployed");
  }

  /** A deploy of our own that Helm itself gave up. */
  failsInHelm(version: string): this {
    return this.begins(version).#revise(version, "failed");
  }

  /** A deploy of our own whose helm was killed. */
  diesInHelm(version: string): this {
    return this.begins(version).#revise(version, "pending-upgrade", { description: "Preparing upgrade" });
  }

  /** A deploy of our own in maintenance, verified, after which nothing went on. */
  staysInMaintenance(version: string, transition?: number): this {
    return this.begins(version, { transition }).#revise(version, "deployed", { maintenance: true }).#verify();
  }

  /** Puts an attempt on record; nothing is deployed yet. */
  begins(
    version: string,
    { stack = "bsr/test", transition }: { stack?: string; transition?: number | undefined } = {},
  ): this {
    const before = this.#record ?? emptyRecord;
    transition ??= before.transition + 1;
    const revision = this.#nextRevision();
    const attempt = { version, revision, transition, at: this.#tick(), stack, schemaBefore: null };
    const { highWaterMark, schemaOwner } = before;
    const found = { transition, lineage: transition, highWaterMark, schemaOwner };
    return this.#writes(withAttempt(before, attempt, found, true));
  }

  /** The Release deploys the same version with other values: no attempt is put on record. */
  changesValues({ verified }: { verified: boolean }): this {
    this.#revise(this.#live().version, "deployed");
    return verified ? this.#verify() : this;
  }

  /** A plan without a deploy was carried out: the record knows its transition, and no attempt. */
  passesWithoutDeploy(transition: number): this {
    return this.#writes({ ...(this.#record ?? emptyRecord), transition, lineage: transition });
  }

  /** The Release deploys what was begun, whatever came in between. */
  isDeployedByRelease(version: string): this {
    return this.#revise(version, "deployed");
  }

  /** Somebody runs helm upgrade. */
  isUpgradedByHand(version: string): this {
    return this.#revise(version, "deployed", { description: "Upgrade complete" });
  }

  /** Somebody's helm upgrade runs, or was killed. */
  isBeingUpgradedByHand(version: string): this {
    return this.#revise(version, "pending-upgrade", { description: "Preparing upgrade" });
  }

  /** The stack's Release changes values, and its helm is killed. */
  diesChangingValues(): this {
    return this.#revise(this.#live().version, "pending-upgrade", { description: "Preparing upgrade" });
  }

  /** Somebody runs helm upgrade with other values. */
  isChangedByHand(rest: Partial<Pick<Revision, "values" | "maintenance">>): this {
    return this.#revise(this.#live().version, "deployed", { description: "Upgrade complete", ...rest });
  }

  /** Somebody runs helm rollback. */
  isRolledBackByHand(to: number): this {
    const earlier = this.#history.find(({ revision }) => revision === to);
    if (earlier === undefined) throw new Error(`the story has no revision ${to} to go back to`);
    return this.#revise(earlier.version, "deployed", { description: `Rollback to ${to}` });
  }

  /** Somebody runs kubectl set image, with the image of a release. */
  hasImageOf(version: string): this {
    this.#edited = [
      {
        container: "Deployment/bufd/bufd",
        verified: `registry.example.com/bufd:${this.#live().version}`,
        found: `registry.example.com/bufd:${version}`,
        version,
      },
    ];
    return this;
  }

  /** Somebody deletes a workload. */
  losesWorkload(): this {
    const verified = `registry.example.com/bufd:${this.#live().version}`;
    this.#edited = [{ container: "Deployment/bufd/bufd", verified, found: null, version: null }];
    return this;
  }

  /** `pulumi destroy`, or helm uninstall: Helm forgets everything, the record remains. */
  isUninstalled({ keepingHistory = false } = {}): this {
    if (keepingHistory) this.#history.push({ ...this.#takeLive(), status: "uninstalled" });
    else this.#history = [];
    return this;
  }

  /** What happens from now on, happens on a machine whose clock is that far behind. */
  goesOnWithClockBehind(hours: number): this {
    this.#now -= hours * hour;
    return this;
  }

  /** An uninstall runs, or broke off. */
  isBeingUninstalled(): this {
    this.#history.push({ ...this.#takeLive(), status: "uninstalling" });
    return this;
  }

  /** Somebody deletes the ConfigMap. */
  losesRecord(): this {
    this.#record = null;
    return this;
  }

  /** A data migration is known to have completed, for a lineage. */
  completesDataMigration(version: string, lineage: number): this {
    const record = this.#record ?? emptyRecord;
    return this.#writes({
      ...record,
      dataMigrations: [...record.dataMigrations, { version, lineage, at: this.#tick() }],
    });
  }

  /** A snapshot of what is live is taken and verified, for a lineage. */
  takesSnapshot(lineage: number): this {
    const { version, revision, maintenance } = this.#live();
    const record = this.#record ?? emptyRecord;
    const at = this.#tick();
    return this.#writes({
      ...record,
      snapshots: [
        ...record.snapshots,
        {
          id: `${at}-${version}`,
          method: "pgDump",
          version,
          schemaVersion: null,
          highWaterMark: record.highWaterMark ?? version,
          schemaOwner: record.schemaOwner ?? version,
          lineage,
          transition: record.transition,
          revision,
          maintenance,
          at,
          bytes: null,
          sha256: null,
          place: "elsewhere",
          verified: "readable",
          beforeFailure: false,
        },
      ],
    });
  }

  /** The database becomes another one: a snapshot's, or one that was restored by hand. */
  restores(snapshot: string, { transition: its }: { transition?: number } = {}): this {
    const { revision, deployedAt } = this.#live();
    const record = this.#record ?? emptyRecord;
    const transition = its ?? record.transition + 1;
    const done = { snapshot, transition, revision, deployedAt, at: this.#tick(), kept: "elsewhere" };
    const restored = withRestore(
      record,
      done,
      { schemaOwner: "1.0.0", highWaterMark: "1.0.0" },
      record.lineage,
    );
    // A story need not say what was in the snapshot.
    return this.#writes({ ...restored, schemaOwner: null, highWaterMark: null });
  }

  /** The record's mark is from an attempt that it lists no more. */
  remembersMark(version: string): this {
    return this.#writes({
      ...(this.#record ?? emptyRecord),
      highWaterMark: version,
      schemaOwner: version,
    });
  }

  /** A restore has stopped the pods, and was killed. */
  isCutOffRestoring(snapshot: string): this {
    const record = this.#record ?? emptyRecord;
    return this.#writes({
      ...record,
      restoring: { snapshot, transition: record.transition, at: this.#tick() },
    });
  }

  /** A status page told the schema version of a release. */
  learns(version: string, schemaVersion: number): this {
    const record = this.#record ?? emptyRecord;
    return this.#writes({ ...record, learned: { ...record.learned, [version]: schemaVersion } });
  }

  observed(): Observation {
    const newest = this.#history.at(-1);
    return {
      cluster: this.cluster,
      history: [...this.#history],
      live: newest?.status === "uninstalled" ? undefined : newest,
      record: this.#record,
      otherRecords: [],
      edited: this.#edited,
      holding: null,
    };
  }

  #verify(): this {
    const { version, revision, deployedAt } = this.#live();
    const verified = { version, revision, deployedAt, at: this.#tick() };
    return this.#writes(withVerified(this.#record ?? emptyRecord, verified, null));
  }

  #revise(version: string, status: string, rest: Partial<Revision> = {}): this {
    const revision = this.#nextRevision();
    this.#edited = [];
    const transition = this.#record?.transition ?? 0;
    this.#history = this.#history.map((one) =>
      one.status === "deployed" && status === "deployed" ? { ...one, status: "superseded" } : one,
    );
    this.#history.push({
      revision,
      version,
      status,
      description: `transition ${transition}: deploy ${version}`,
      deployedAt: new Date(this.#now).toISOString(),
      activeAt: new Date(this.#now).toISOString(),
      maintenance: false,
      database: "postgres.example.com:5432/bsr",
      values: {},
      manifest: "",
      ...rest,
    });
    return this;
  }

  #tells(event: RecordEvent): this {
    return this.#writes(withEvent(this.#record ?? emptyRecord, event));
  }

  #writes(record: TransitionRecord): this {
    this.#record = record;
    return this;
  }

  #live(): Revision {
    const live = this.#history.at(-1);
    if (live === undefined) throw new Error("the story has nothing deployed at this point");
    return live;
  }

  #takeLive(): Revision {
    const live = this.#live();
    this.#history.pop();
    return live;
  }

  #nextRevision(): number {
    return (this.#history.at(-1)?.revision ?? 0) + 1;
  }

  #tick(): string {
    this.#now += hour;
    return new Date(this.#now).toISOString();
  }
}
