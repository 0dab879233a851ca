import {
  ledgerStateSchema,
  type LedgerPlan,
  type LedgerState,
} from "../../../components/bsr-release/ledger/state";
import { planFromObservation, reasonsOf } from "../../../components/bsr-release/ledger/plan";
import { lastDeploy, placesOf } from "../../../components/bsr-release/plan/places";
import { restoredRevision } from "../../../components/migrations/cluster/record/record";
import type { Strategy } from "../../../components/migrations/planner";
import { requestFor } from "../asking";
import type { Cluster } from "./cluster";
import { HelmRefuses } from "./cluster";
import { LawBroken } from "./laws";
import { highest } from "./releases";
import { StepProgram } from "./step-program";

/** What the user has configured. */
export interface Config {
  readonly target: string;
  readonly strategy: Strategy;
  readonly allowDowntime: boolean;
  readonly snapshots: boolean;
  readonly license: boolean;
  readonly acknowledge: string | undefined;
  readonly restore: string | undefined;
  /** What a person tells of a database that was restored, or deployed on, by hand. */
  readonly restoredTo: string | undefined;
  /** The revision to take over. */
  readonly adopt: number | undefined;
  readonly deploysPerRun: number | undefined;
  /** What of the values decides nothing. */
  readonly values: number;
  /** The schema version of 1.0.0, which only a user can tell. */
  readonly tells100: boolean;
}

/** Where something happens to a run, counted in the moments that it passes, and what. */
export interface Fault {
  readonly at: number;
  /** The process is killed, what it does fails, or somebody deploys a version by hand. */
  readonly kind: "kill" | "fail" | { readonly byHand: string };
  /** Counted from where a step of this kind begins. */
  readonly within?: string | undefined;
}

export type Ended =
  | { readonly kind: "refused"; readonly reasons: readonly string[] }
  | { readonly kind: "failed"; readonly text: string }
  /** It reached its end; nothing was changed where the preview was empty. */
  | { readonly kind: "done"; readonly changed: boolean };

/** What the engine keeps of a stack. */
export interface State {
  readonly ledger?: LedgerState;
  /** The steps that ran to their end. */
  readonly done: ReadonlySet<string>;
  readonly release?: {
    readonly version: string;
    readonly description: string;
    readonly values: number;
    readonly revision: number;
    /** An update that failed is made again, until a refresh forgets it. */
    readonly failed: boolean;
  };
  /** The revision that the step `verify` ran for. */
  readonly verifiedRevision?: number;
}

const noState: State = { done: new Set() };

class Killed extends Error {
  override readonly name = "Killed";
}
class Failed extends Error {
  override readonly name = "Failed";
}

/**
 * A stack: its configuration, the engine's state, and `pulumi up`. What is decided is decided by the product's own
 * code; the engine is simulated: steps that are done are skipped, the Release is updated when its inputs differ, and a
 * run ends at the first step that fails.
 */
export class Stack {
  state: State = noState;
  /** The data migration of a required stop completes while it is waited for. */
  isPatient = false;
  /** Its state is one that was kept; the engine may lack what was made since. */
  isBroughtBack = false;
  #moments = 0;
  #hasBegun = false;
  #changed = false;
  #fault: Fault | null = null;

  constructor(
    readonly cluster: Cluster,
    public config: Config,
    /** Told of every moment, refusal and failure, so that a test can say what its walks have reached. */
    private readonly see: (what: string) => void,
  ) {}

  up(fault: Fault | null = null): Ended {
    this.#moments = 0;
    this.#hasBegun = false;
    this.#changed = false;
    this.#fault = fault;
    this.cluster.beginsRun();
    try {
      return this.#run();
    } catch (error) {
      if (error instanceof LawBroken || !isExpected(error)) throw error;
      this.see(`ends ${error.name}`);
      return { kind: "failed", text: error.message };
    }
  }

  #run(): Ended {
    const { config, cluster } = this;
    const request = requestFor(config.target, {
      strategy: config.strategy,
      policy: {
        allowDowntime: config.allowDowntime,
        snapshots: config.snapshots,
        given: config.license ? [{ path: "license.key", versions: "*" }] : [],
        releases: config.tells100 ? [{ version: "1.0.0", databaseVersion: 170 } as never] : [],
        ...(config.acknowledge === undefined ? {} : { acknowledgeDataLoss: config.acknowledge }),
        ...(config.restore === undefined ? {} : { restore: config.restore }),
        ...(config.restoredTo === undefined ? {} : { restoredTo: config.restoredTo }),
        ...(config.adopt === undefined ? {} : { adopt: config.adopt }),
        ...(config.deploysPerRun === undefined ? {} : { deploysPerRun: config.deploysPerRun }),
      },
      observe: { usesJobs: config.snapshots },
    });
    const { record, history, live } = cluster;
    if (live !== undefined && record?.restores.length && restoredRevision(record, history) === 0)
      this.see("restored in an earlier life");
    const checked = planFromObservation(request, this.state.ledger, cluster.observe());
    if (checked.inputs === undefined) {
      const reasons = reasonsOf(checked);
      for (const reason of reasons) this.see(`refused ${reason.split("\n")[0]}`);
      return { kind: "refused", reasons };
    }
    const ledger = ledgerStateSchema.decode(ledgerStateSchema.encode(checked.inputs));
    this.#keepsMark(ledger);
    this.moment("before the plan is in the state");
    if (ledger.plan.transition !== this.state.ledger?.plan.transition) this.#changed = true;
    this.state = { ...this.state, ledger };
    this.#walk(ledger);
    return { kind: "done", changed: this.#changed };
  }

  /** The mark is never below what was deployed on this database. */
  #keepsMark({ position, plan }: LedgerState): void {
    const { attempted, isOnRecord } = this.cluster;
    // What is on no record no plan can know; its steps find out before they deploy anything.
    if (plan.restore !== undefined || attempted === null || !isOnRecord) return;
    const isNew = plan.transition !== this.state.ledger?.plan.transition;
    const mark = isNew ? (position.highWaterMark ?? null) : plan.highWaterMark;
    if (highest(mark, attempted) !== mark)
      throw new LawBroken(`the mark is ${mark ?? "none"}, and ${attempted} was deployed on this database`);
  }

  /** The steps of a plan in the engine's order. */
  #walk({ plan, position }: LedgerState): void {
    const places = placesOf(plan, position);
    const last = lastDeploy(plan);
    const program = new StepProgram(this, plan, position);
    if (last === -1) this.#once(plan, "0-begin", () => program.begin(undefined, undefined));
    else this.#once(plan, "0-preflight", () => program.preflight());
    plan.steps.slice(0, last + 1).forEach((step, index) => {
      const place = places[index];
      if (place === undefined) throw new Error("a step has no place");
      const name = `${index + 1}-${step.kind}`;
      if (step.kind === "deploy" && index === last)
        this.#once(plan, `${name}-begin`, () => program.begin(step, place));
      else this.#once(plan, name, () => program.run(step, place));
    });
    this.#release(plan, places[last]?.inMaintenance === true);
    const down = plan.steps.at(-1);
    if (down?.kind === "migrateDown")
      this.#once(plan, "0-migrateDown", () => program.migrateDown(down, plan.to, false));
    const verify = `${plan.transition}-verify`;
    const revision = this.state.release?.revision ?? 0;
    if (this.state.verifiedRevision !== revision) this.#forget(verify);
    this.#once(plan, "verify", () => program.verify());
    // What no longer belongs to the program is deleted from the state at the end of a run.
    const done = new Set([...this.state.done].filter((name) => name.startsWith(`${plan.transition}-`)));
    this.state = { ...this.state, done, verifiedRevision: revision };
  }

  #once({ transition }: LedgerPlan, what: string, work: () => void): void {
    const name = `${transition}-${what}`;
    if (this.state.done.has(name)) return;
    this.#changed = true;
    const kind = what.replace(/^\d+-/, "");
    this.moment(`${kind} begins`);
    work();
    this.moment(`${kind} is done, and not in the state yet`);
    this.state = { ...this.state, done: new Set([...this.state.done, name]) };
  }

  #forget(name: string): void {
    this.state = { ...this.state, done: new Set([...this.state.done].filter((one) => one !== name)) };
  }

  #release({ to: version, description }: LedgerPlan, jump: boolean): void {
    const { release } = this.state;
    const { cluster, config } = this;
    const { values } = config;
    const isSame = release?.version === version && release.description === description;
    if (isSame && release.values === values && !release.failed) return;
    if (isSame) this.see("only values change");
    this.#changed = true;
    const deploy = { version, description, maintenance: false, jump };
    const during = (what: string) => this.moment(`the Release: ${what}`);
    const store = (failed: boolean) => {
      const revision = cluster.history.at(-1)?.revision ?? 0;
      this.state = { ...this.state, release: { version, description, values, revision, failed } };
    };
    try {
      if (release === undefined) cluster.install(deploy, during);
      else cluster.upgrade(deploy, during);
    } catch (error) {
      if (error instanceof Failed) store(true);
      throw error;
    }
    this.moment("the Release is made, and not in the state yet");
    store(false);
  }

  /** A moment at which a run can end. */
  moment(what: string): void {
    this.see(`moment ${what}`);
    if (this.#fault === null || !this.#isWithin(what, this.#fault)) return;
    if (this.#moments++ !== this.#fault.at) return;
    const { kind } = this.#fault;
    if (typeof kind === "object") {
      // While a database is migrated down, pods that somebody starts migrate it up again, whatever the run does.
      if (!what.startsWith("migrateDown: ") && this.cluster.isRaced(kind.byHand))
        this.see(`somebody deploys: ${what}`);
      return;
    }
    this.see(`${kind} ${what}`);
    throw kind === "kill" ? new Killed(what) : new Failed(what);
  }

  #isWithin(what: string, { within }: Fault): boolean {
    this.#hasBegun ||= within === undefined || what === `${within} begins`;
    return this.#hasBegun;
  }

  refresh(): void {
    const newest = this.cluster.history.at(-1);
    const { release, ...rest } = this.state;
    if (release === undefined) return;
    this.state =
      newest === undefined
        ? rest
        : {
            ...rest,
            release: { ...release, version: newest.version, revision: newest.revision, failed: false },
          };
  }

  destroy(): void {
    if (this.state.release === undefined) return;
    this.cluster.uninstall();
    this.state = noState;
  }

  losesState(): void {
    this.state = noState;
  }

  bringsBack(state: State): void {
    this.state = state;
    this.isBroughtBack = true;
  }
}

function isExpected(error: unknown): error is Error {
  if (!(error instanceof Error)) return false;
  return error instanceof HelmRefuses || ["Killed", "Failed", "StepFailure"].includes(error.name);
}
