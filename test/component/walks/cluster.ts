import type { Observation } from "../../../components/bsr-release/observation/position";
import { liveRevision, type Revision } from "../../../components/migrations/cluster/helm/history";
import { isPending } from "../../../components/migrations/cluster/helm/pending";
import { helmHistoryMax } from "../../../components/migrations/cluster/helm/history-max";
import type { EditedImage } from "../../../components/migrations/cluster/pods/images";
import {
  isVerified,
  type Snapshot,
  type TransitionRecord,
} from "../../../components/migrations/cluster/record/record";
import { broken, LawBroken } from "./laws";
import { highest, isAboveStop, minor, releaseOfSchema, schemaOf, stop } from "./releases";

/** Ready pods of one revision. With maintenance on they refuse calls, and do not count as serving. */
export interface Pods {
  readonly version: string;
  readonly revision: number;
  readonly maintenance: boolean;
}

/** Pods of a revision on their way: each stage can be where a run ends. */
export interface Rollout extends Pods {
  readonly stage: "starting" | "migrating" | "beside the old";
  /** Deployed out of maintenance, which may leave minors out (R8). */
  readonly jump: boolean;
}

export interface Database {
  readonly schema: number;
  /** What a person had deployed on it when it was saved or uninstalled, and was not verified yet. */
  readonly handMade?: string | undefined;
  /** Where the data is that a required stop migrates; a person may have jumped the stop. */
  readonly data: "none" | "old" | "migrating" | "migrated" | "jumped";
}

/** The required stop still has to migrate the data. */
export function isUnmigrated({ data }: Database): boolean {
  return data === "old" || data === "migrating";
}

/** The Job of a restore, which goes on whatever becomes of the step that has made it. */
export interface RestoreJob {
  /** What it restores. */
  readonly archive: Database;
  readonly highWaterMark: string;
  /** What the present database will be called. */
  readonly kept: string;
}

export interface Deploy {
  readonly version: string;
  readonly description: string;
  readonly maintenance: boolean;
  readonly jump: boolean;
}

/** Helm refuses; the words are Helm's own. */
export class HelmRefuses extends Error {}

/**
 * The cluster with its database, as far as the walks need them: Helm's history and lock, pods that start, migrate and
 * replace each other, the record. The laws are judged after each effect, not only at the end of a command.
 */
export class Cluster {
  history: Revision[] = [];
  record: TransitionRecord | null = null;
  pods: Pods[] = [];
  rollout: Rollout | null = null;
  database: Database = { schema: 0, data: "none" };
  restoreJob: RestoreJob | null = null;
  /** The databases that restores have put aside, the newest last. */
  readonly kept: string[] = [];
  /** The databases that snapshots hold, by id. */
  readonly archives = new Map<string, Database>();
  /** The release whose image a person has given to what Helm deployed; `null` where nobody has. */
  image: string | null = null;
  /** The highest version that was ever deployed on this database, by anybody. */
  attempted: string | null = null;
  /** Laws that a person broke by hand, for as long as they stay broken. */
  #excused = new Set<string>();
  #isByHand = false;
  /** Revisions that a person has made: what their pods do is not the product's doing. */
  #handMade = new Set<number>();
  /** Somebody has deployed since the run began. */
  #isOverSomebodys = false;
  #now = Date.parse("2026-01-01T00:00:00Z");

  get live(): Revision | undefined {
    return liveRevision(this.history);
  }

  get serving(): Pods[] {
    return this.pods.filter(({ maintenance }) => !maintenance);
  }

  /** A version that is live by a person's doing, on this database or on the one that was restored. */
  get #takenOver(): string | undefined {
    const isLive = this.live !== undefined && this.#handMade.has(this.live.revision);
    return isLive ? this.live?.version : this.database.handMade;
  }

  /** What a person has deployed is the person's until a run has verified it. */
  isHandMade({ revision }: Pods): boolean {
    return this.#handMade.has(revision);
  }

  isVerified(revision: number): void {
    this.#handMade.delete(revision);
    this.database = { ...this.database, handMade: undefined };
    this.#judge();
  }

  /** What a snapshot holds. */
  save(id: string): void {
    this.archives.set(id, { ...this.database, handMade: this.#takenOver });
  }

  /** Every moment is another, so that the record's times tell what came first. */
  now(): string {
    this.#now += 60_000;
    return new Date(this.#now).toISOString();
  }

  observe(): Observation {
    return {
      ...{ cluster: "uid", history: [...this.history], live: this.live, record: this.record },
      ...{ edited: this.#edited, holding: null, otherRecords: [] },
    };
  }

  /** What runs and is not of the chart of the revision that was verified. */
  get #edited(): EditedImage[] {
    const { live, image } = this;
    if (live === undefined || image === null || !isVerified(this.record, live)) return [];
    return [{ container: "Deployment/bufd/bufd", verified: live.version, found: image, version: image }];
  }

  /** `kubectl set image`: the pods of a deploy are replaced by those of another release, of which Helm knows nothing. */
  editImage(version: string): void {
    const { live } = this;
    if (live === undefined) return;
    this.image = version;
    this.attempted = highest(this.attempted, version);
    this.#handMade.add(live.revision);
    this.#roll({ version, revision: live.revision, maintenance: false, jump: false, stage: "starting" });
  }

  /** What a person does may break laws, and is not the product's fault; what the product does then may not add to it. */
  byHand(act: () => void): void {
    const before = this.#isByHand;
    this.#isByHand = true;
    try {
      act();
      this.#judge();
    } finally {
      this.#isByHand = before;
    }
  }

  beginsRun(): void {
    this.#isOverSomebodys = false;
  }

  /** Somebody deploys while a run is at work. False where that cannot be, or nobody would. */
  isRaced(version: string): boolean {
    const { live, record, image } = this;
    if (live === undefined || isPending(live) || record?.restoring != null || image !== null) return false;
    this.byHand(() => {
      this.upgrade(
        { version, maintenance: false, description: "Upgrade complete", jump: false },
        () => undefined,
      );
      while (this.rollout !== null) this.advance();
    });
    // Between the gate and Helm nothing can keep the run from deploying over it; then it has to find out.
    this.#isOverSomebodys = true;
    return true;
  }

  /** `helm install --replace`: a name can be taken again whose newest revision has failed. */
  install(deploy: Deploy, during: (what: string) => void): void {
    const newest = this.history.at(-1);
    if (newest !== undefined && newest.status !== "failed")
      throw new HelmRefuses("cannot re-use a name that is still in use");
    this.#deploy(deploy, "pending-install", during);
  }

  upgrade(deploy: Deploy, during: (what: string) => void): void {
    if (this.live === undefined) throw new HelmRefuses("has no deployed releases");
    if (isPending(this.live))
      throw new HelmRefuses("another operation (install/upgrade/rollback) is in progress");
    this.#deploy(deploy, "pending-upgrade", during);
  }

  /** `during` is told where Helm is; an error that it throws is Helm's own failure, unless Helm is killed by it. */
  #deploy(deploy: Deploy, pending: string, during: (what: string) => void): void {
    const { version, description, maintenance } = deploy;
    const jump = deploy.jump || this.#isGoneOnWith(version);
    const revision = (this.history.at(-1)?.revision ?? 0) + 1;
    const deployedAt = this.now();
    const made: Revision = {
      // Until it has succeeded, Helm describes a deploy in its own words.
      ...{ revision, version, description: "Preparing upgrade", maintenance, status: pending },
      ...{ deployedAt, activeAt: deployedAt, database: "db", values: {}, manifest: "" },
    };
    // Who takes over what a person has deployed, deploys the same once more; or what is below it, on a database that was
    // saved before anybody knew what the person's deploy had made of it.
    const { handMade } = this.database;
    const isBelow = handMade !== undefined && minor(version) <= minor(handMade);
    const takesOver = version === this.#takenOver || isBelow;
    if (this.#isByHand || takesOver || this.#isOverSomebodys) this.#handMade.add(revision);
    this.history = [...this.history, made].slice(-helmHistoryMax);
    this.attempted = highest(this.attempted, version);
    try {
      during("helm holds its lock");
      this.#roll({ version, revision, maintenance, jump, stage: "starting" });
      during("helm has changed the workloads");
      this.setStatus("deployed", description);
    } catch (error) {
      if (error instanceof Error && error.name === "Failed") this.setStatus("failed", "Upgrade failed");
      throw error;
    }
  }

  /**
   * A jump that was begun before, and nothing runs that going on with it could disturb. Of a database that was restored with
   * nobody to record it, the record says nothing.
   */
  #isGoneOnWith(version: string): boolean {
    // Also where the record is gone: all that runs refuses calls.
    if (this.serving.length === 0 && version === this.live?.version) return true;
    const owner = this.record?.schemaOwner ?? null;
    return this.pods.length === 0 && this.isOnRecord && owner !== null && minor(version) <= minor(owner);
  }

  /** Whether the record knows which database there is: a restore that has put another one aside has told so. */
  get isOnRecord(): boolean {
    const aside = this.kept.at(-1);
    const restores = this.record?.restores ?? [];
    return aside === undefined || restores.some(({ kept }) => kept === `database ${aside}`);
  }

  /** The newest revision's status; one that is deployed supersedes the others. */
  setStatus(status: string, description?: string): void {
    this.history = this.history.map((one, index) => {
      if (index === this.history.length - 1)
        return { ...one, status, description: description ?? one.description };
      return status === "deployed" && one.status === "deployed" ? { ...one, status: "superseded" } : one;
    });
  }

  /** A pending revision that is proven dead or ended by hand; an install is taken out of the history. */
  unlock(): void {
    if (this.live?.status === "pending-install") this.history = this.history.slice(0, -1);
    else this.setStatus("failed");
  }

  uninstall(): void {
    this.database = { ...this.database, handMade: this.#takenOver };
    this.#handMade.clear();
    this.history = [];
    this.pods = [];
    this.rollout = null;
    this.image = null;
    this.#judge();
  }

  #roll(rollout: Rollout): void {
    if (rollout.revision !== this.live?.revision || rollout.version === this.live.version) this.image = null;
    this.rollout = rollout;
    if (this.#handMade.has(rollout.revision)) this.byHand(() => undefined);
    else this.#judge();
  }

  /** Lets a rollout go on by one stage. */
  advance(): void {
    const { rollout } = this;
    if (rollout === null) return;
    if (this.#handMade.has(rollout.revision)) this.byHand(() => this.#advance(rollout));
    else this.#advance(rollout);
  }

  #advance(rollout: Rollout): void {
    const { version, revision, maintenance } = rollout;
    const own = schemaOf(version);
    const { schema } = this.database;
    const pods: Pods = { version, revision, maintenance };
    switch (rollout.stage) {
      case "starting": {
        // Half of the migrations, rounded down: where there is one only, none yet.
        const half = schema < own ? schema + Math.floor((own - schema) / 2) : schema;
        this.#migrate(version, schema === 0 ? 0 : half);
        return this.#roll({ ...rollout, stage: "migrating" });
      }
      case "migrating":
        this.#migrate(version, Math.max(schema, own));
        this.pods = [...this.pods, pods];
        this.rollout = { ...rollout, stage: "beside the old" };
        return this.#served();
      case "beside the old":
        this.pods = [pods];
        this.rollout = null;
        return this.#served();
    }
  }

  #migrate(version: string, schema: number): void {
    const { database } = this;
    const isNew = database.schema === 0;
    const jumps = this.#isByHand && isAboveStop(releaseOfSchema(schema)) && isUnmigrated(database);
    const data = isNew ? (isAboveStop(version) ? "none" : "old") : jumps ? "jumped" : database.data;
    this.database = { ...database, schema, data };
  }

  /** What a release that serves does to the data in the background. */
  #served(): void {
    const { data, schema } = this.database;
    const at = minor(`${stop}.0`);
    const minors = this.serving.map(({ version }) => minor(version));
    // What a person lets serve on a schema that it does not know, writes nothing that counts.
    const writesOld = minors.some((one) => one < at && minor(releaseOfSchema(schema)) - one <= 1);
    const isAt = minors.includes(at) && data === "old";
    if (writesOld && data !== "jumped") this.database = { ...this.database, data: "old" };
    else if (isAt) this.database = { ...this.database, data: "migrating" };
    this.#judge();
  }

  finishDataMigration(): void {
    const isServing = this.serving.some(({ version }) => minor(version) === minor(`${stop}.0`));
    if (this.database.data === "migrating" && isServing)
      this.database = { ...this.database, data: "migrated" };
  }

  /** One or more migrations are taken back. */
  migrateDown(schema: number): void {
    const { data } = this.database;
    const isBack = data === "jumped" && !isAboveStop(releaseOfSchema(schema));
    this.database = { ...this.database, schema, data: isBack ? "old" : data };
    this.#served();
  }

  stopPods(): void {
    this.pods = [];
    this.rollout = null;
  }

  /** The pods that the newest deploy wants are started again. */
  startPods(): void {
    if (this.pods.length > 0 || this.rollout !== null || this.live === undefined) return;
    const { version, revision, maintenance } = this.live;
    this.#roll({ version, revision, maintenance, stage: "starting", jump: true });
  }

  /** The Job of a restore comes to its end, also with nobody to hear of it. */
  finishRestore(): void {
    if (this.restoreJob === null) return;
    const { archive, highWaterMark, kept } = this.restoreJob;
    this.restoreJob = null;
    this.kept.push(kept);
    this.database = archive;
    this.isToldOf({ highWaterMark });
  }

  /** What a person has restored by hand is told. */
  isToldOf({ highWaterMark }: Pick<Snapshot, "highWaterMark">): void {
    this.attempted = highWaterMark;
    this.#judge();
  }

  #judge(): void {
    const found = broken(this);
    if (this.#isByHand) {
      this.#excused = new Set(found);
      return;
    }
    this.#excused = new Set([...this.#excused].filter((law) => found.includes(law)));
    const [first] = found.filter((law) => !this.#excused.has(law));
    if (first !== undefined) throw new LawBroken(first);
  }
}
