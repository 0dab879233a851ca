import fc from "fast-check";
import { isPending } from "../../../components/migrations/cluster/helm/pending";
import { attemptOf, isVerified } from "../../../components/migrations/cluster/record/record";
import type { Cluster } from "./cluster";
import { LawBroken } from "./laws";
import { reachTarget } from "./remedies";
import { highest } from "./releases";
import type { Config, Fault, Stack, State } from "./stack";

/** Versions around the required stop, each kind of minor, and beyond the license; 1.0.0 is one with no known schema. */
const table = [
  ...[
    "1.0.0",
    "1.1.0",
    "1.2.0",
    "1.4.0",
    "1.4.1",
    "1.5.0",
    "1.5.1",
    "1.6.0",
    "1.7.0",
    "1.8.0",
    "1.8.2",
    "1.8.3",
  ],
  ...["1.9.0", "1.9.1", "1.10.0", "1.11.0", "1.12.0", "1.12.1", "1.13.0", "1.15.2", "1.16.1", "1.17.0"],
];
const versions = fc.constantFrom(...table);

/** So far away in the table from what is live: most ways that a person asks for are short. */
function near({ live }: Pick<Cluster, "live">, away: number): string {
  const at = table.indexOf(live?.version ?? "1.5.0");
  return table[Math.min(table.length - 1, Math.max(0, at + away))] ?? "1.5.0";
}

/** The stack under test with what is around it: the cluster is the model, the stack the product. */
export interface Walk {
  readonly stack: Stack;
  /** States that were exported, oldest first. */
  readonly exported: State[];
  readonly see: (what: string) => void;
}

type Seen = Pick<Cluster, "live" | "history" | "record" | "image" | "rollout" | "attempted">;

class Command implements fc.Command<Cluster, Walk> {
  constructor(
    private readonly name: string,
    private readonly args: unknown,
    private readonly act: (walk: Walk, cluster: Cluster) => void,
    private readonly canAct: (seen: Seen) => boolean = () => true,
  ) {}

  check(cluster: Seen): boolean {
    return this.canAct(cluster);
  }

  run(cluster: Cluster, walk: Walk): void {
    walk.see(`command ${this.name}`);
    const before = cluster.record;
    this.act(walk, cluster);
    const { record } = cluster;
    const fell =
      record !== null &&
      highest(record.highWaterMark, before?.highWaterMark ?? null) !== record.highWaterMark;
    if (fell && record.restores.length === before?.restores.length)
      throw new LawBroken(`the mark fell from ${before.highWaterMark} to ${record.highWaterMark}`);
  }

  toString(): string {
    return this.args === undefined ? this.name : `${this.name}(${JSON.stringify(this.args)})`;
  }
}

const ignore = () => undefined;

/**
 * Where a person can run helm upgrade. Nobody starts pods by hand that a restore which was cut off has stopped; and what
 * was edited, and put back before a run has seen it, leaves no trace.
 */
function isUpgradable({ live, record, image }: Seen): boolean {
  return live !== undefined && !isPending(live) && record?.restoring == null && image === null;
}

/** An image that is edited at a deploy which is not verified is told by nothing. */
function isEditable(seen: Seen): boolean {
  const { live, record, rollout } = seen;
  return isUpgradable(seen) && isVerified(record, live) && live?.maintenance === false && rollout === null;
}

/** Where Helm still tells what the record does, and nobody knows better by a restore. */
function isRecordInHelm({ live, history, record, attempted, image }: Seen): boolean {
  // An install that is pending is taken out of the history with its lock.
  if (live === undefined || isPending(live)) return false;
  if (record === null || image !== null || record.restores.length > 0 || record.restoring !== null)
    return false;
  const told = history.map(({ version }) => version).reduce<string | null>(highest, null);
  // Of a database that went down since, Helm's history tells too high an owner.
  return highest(told, attempted) === told && record.schemaOwner === told;
}

/**
 * Nothing is left that tells of a version deployed by hand once Helm has forgotten it before any run has seen it; only
 * the database would know. So a release goes away only when the record knows all that was deployed since it was
 * verified.
 */
function isAllOnRecord({ history, record, image }: Seen): boolean {
  if (record === null || history.length === 0 || image !== null) return false;
  const verified = history.findLastIndex((revision) => isVerified(record, revision));
  const since = history.slice(verified + 1);
  // What a person has deployed below the owner tells that the owner may never have been reached.
  return since.every(
    (one) =>
      highest(record.schemaOwner, one.version) === record.schemaOwner && attemptOf(record, one) !== undefined,
  );
}

/** How far a person's deploy gets before the next thing happens: nowhere, old and new pods together, to its end. */
const stages = fc.constantFrom(0, 1, 2, 3, 3, 3);

const faultKind: fc.Arbitrary<Fault["kind"]> = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom("kill" as const, "fail" as const) },
  { weight: 1, arbitrary: versions.map((byHand) => ({ byHand })) },
);

const inStep = (last: number, ...steps: string[]) =>
  fc.record<Fault>({ at: fc.nat(last), kind: faultKind, within: fc.constantFrom(...steps) });

/** Anywhere; or in a step that few ways have. */
const fault = fc.option(
  fc.oneof(
    fc.record<Fault>({ at: fc.oneof(fc.nat(12), fc.nat(60)), kind: faultKind }),
    inStep(12, "migrateDown", "awaitDataMigration", "restore", "begin"),
  ),
  { nil: null, freq: 4 },
);

const configures = (change: Partial<Config>) =>
  new Command("configure", change, ({ stack }) => (stack.config = { ...stack.config, ...change }));

/** Every restore is another: one that is on record is not done again. */
function restores({ stack }: Walk, { record }: Cluster, nth: number): void {
  const snapshots = record?.snapshots ?? [];
  const taken = snapshots[nth % Math.max(1, snapshots.length)];
  stack.config = {
    ...stack.config,
    restore: taken?.id ?? (nth === 0 ? "none" : stack.config.restore),
    ...(taken === undefined ? {} : { target: taken.version }),
  };
}

/** As docs/snapshots.md says of a restore that was cut off: back to the version of before. */
function givesRestoreUp({ stack, see }: Walk, { record }: Cluster): void {
  see("the restore is given up");
  const target = record?.verified?.version ?? stack.config.target;
  stack.config = { ...stack.config, restore: undefined, target };
  see(`up ${stack.up().kind}`);
}

/** Nobody keeps the state of a stack that has nothing. */
function exportsState({ stack, exported }: Walk): void {
  if (stack.state.ledger !== undefined) exported.push(stack.state);
}

/** What a way needs is mostly there, or most ways would be refused. */
const mostlyTrue = fc.constantFrom(true, true, true, false);
const mostly = { allowDowntime: mostlyTrue, snapshots: mostlyTrue, license: mostlyTrue };

const often = <T>(times: number, command: T): T[] => Array<T>(times).fill(command);

export const commands = [
  ...often(
    3,
    fc.record({ fault }).map(
      ({ fault: at }) =>
        new Command("up", at, ({ stack, see }) => {
          see(`up ${stack.up(at).kind}`);
        }),
    ),
  ),
  ...often(
    10,
    fc.tuple(versions, fault).map(
      ([target, at]) =>
        new Command("bump", [target, at], ({ stack, see }) => {
          stack.config = { ...stack.config, target };
          see(`up ${stack.up(at).kind}`);
        }),
    ),
  ),
  ...often(
    6,
    fc.tuple(fc.integer({ min: -3, max: 3 }), fault).map(
      ([away, at]) =>
        new Command("bump nearby", [away, at], ({ stack, see }, cluster) => {
          stack.config = { ...stack.config, target: near(cluster, away) };
          see(`up ${stack.up(at).kind}`);
        }),
    ),
  ),
  versions.map((target) => configures({ target })),
  fc
    .record<Partial<Config>>(
      {
        strategy: fc.constantFrom("sequential", "maintenance"),
        ...mostly,
      },
      { requiredKeys: [] },
    )
    .map(configures),
  fc
    .option(fc.integer({ min: 1, max: 3 }), { nil: undefined })
    .map((deploysPerRun) => configures({ deploysPerRun })),
  fc.tuple(fc.boolean(), fault).map(
    ([isLost, at]) =>
      new Command("adopt what is live", [isLost, at], (walk, { live }) => {
        const { stack, see } = walk;
        if (isLost) {
          exportsState(walk);
          stack.losesState();
        }
        stack.config = {
          ...stack.config,
          adopt: live?.revision,
          target: live?.version ?? stack.config.target,
        };
        see(`up ${stack.up(at).kind}`);
      }),
  ),
  fc.tuple(fc.nat(5), fc.option(inStep(4, "restore"), { nil: null })).map(
    ([nth, at]) =>
      new Command("restore", [nth, at], (walk, cluster) => {
        restores(walk, cluster, nth);
        walk.see(`up ${walk.stack.up(at).kind}`);
      }),
  ),
  fc.tuple(fc.nat(5), fc.integer({ min: 3, max: 9 }), fc.boolean()).map(
    ([nth, at, isGivenUp]) =>
      new Command("restore, and die", [nth, at, isGivenUp], (walk, cluster) => {
        const { stack, see } = walk;
        restores(walk, cluster, nth);
        see(`up ${stack.up({ at, kind: "kill" }).kind}`);
        if (isGivenUp) givesRestoreUp(walk, cluster);
      }),
  ),
  fc.constant(new Command("refresh", undefined, ({ stack }) => stack.refresh())),
  fc.constant(new Command("export the state", undefined, exportsState)),
  fc.nat(5).map(
    (nth) =>
      new Command("import a state", nth, ({ stack, exported }) => {
        const state = exported[nth % Math.max(1, exported.length)];
        if (state !== undefined) stack.bringsBack(state);
      }),
  ),
  fc.constant(
    new Command("lose the state", undefined, (walk) => {
      exportsState(walk);
      walk.stack.losesState();
    }),
  ),
  fc.constant(new Command("destroy", undefined, ({ stack }) => stack.destroy(), isAllOnRecord)),
  ...often(
    2,
    fault.map(
      (at) =>
        new Command(
          "destroy, and up again",
          at,
          ({ stack, see }, { record }) => {
            stack.destroy();
            stack.config = { ...stack.config, target: record?.schemaOwner ?? stack.config.target };
            see(`up ${stack.up(at).kind}`);
          },
          isAllOnRecord,
        ),
    ),
  ),
  fc.tuple(versions, fc.boolean(), stages).map(
    ([version, maintenance, stage]) =>
      new Command(
        "helm upgrade by hand",
        [version, maintenance, stage],
        (_walk, cluster) =>
          cluster.byHand(() => {
            const deploy = { version, maintenance, description: "Upgrade complete", jump: false };
            cluster.upgrade(deploy, ignore);
            for (let done = 0; done < stage; done++) cluster.advance();
          }),
        isUpgradable,
      ),
  ),
  ...often(
    3,
    fc.tuple(fc.option(versions, { nil: null }), stages).map(
      ([version, stage]) =>
        new Command(
          "helm install by hand",
          [version, stage],
          (_walk, cluster) =>
            cluster.byHand(() => {
              const again = cluster.record?.schemaOwner ?? "1.5.0";
              const deploy = {
                version: version ?? again,
                maintenance: false,
                description: "Install complete",
              };
              cluster.install({ ...deploy, jump: false }, ignore);
              for (let done = 0; done < stage; done++) cluster.advance();
            }),
          ({ live, history, record }) =>
            live === undefined && history.length === 0 && record?.restoring == null,
        ),
    ),
  ),
  fc.boolean().map(
    (maintenance) =>
      new Command(
        "maintenance by hand",
        maintenance,
        (_walk, cluster) =>
          cluster.byHand(() => {
            const version = cluster.live?.version ?? "";
            cluster.upgrade({ version, maintenance, description: "Upgrade complete", jump: false }, ignore);
            while (cluster.rollout !== null) cluster.advance();
          }),
        isUpgradable,
      ),
  ),
  fc.tuple(fc.nat(8), stages).map(
    ([back, stage]) =>
      new Command(
        "helm rollback by hand",
        [back, stage],
        (_walk, cluster) =>
          cluster.byHand(() => {
            const { history } = cluster;
            const to = history[Math.max(0, history.length - 2 - back)];
            if (to === undefined) return;
            // Helm's rollback asks for no lock.
            cluster.setStatus("failed");
            const { version, maintenance } = to;
            cluster.upgrade(
              { version, maintenance, description: `Rollback to ${to.revision}`, jump: false },
              ignore,
            );
            for (let done = 0; done < stage; done++) cluster.advance();
          }),
        ({ live, record, image }) => live !== undefined && record?.restoring == null && image === null,
      ),
  ),
  versions.map(
    (version) =>
      new Command(
        "image edited by hand",
        version,
        (_walk, cluster) =>
          cluster.byHand(() => {
            if (version === cluster.live?.version) return;
            cluster.editImage(version);
            while (cluster.rollout !== null) cluster.advance();
          }),
        isEditable,
      ),
  ),
  fc.constant(
    new Command(
      "the record is deleted",
      undefined,
      (_walk, cluster) => {
        cluster.record = null;
        cluster.archives.clear();
      },
      isRecordInHelm,
    ),
  ),
  fc.tuple(fc.nat(3), fault).map(
    ([values, at]) =>
      new Command("change values", [values, at], ({ stack, see }) => {
        stack.config = { ...stack.config, values };
        see(`up ${stack.up(at).kind}`);
      }),
  ),
  fc.constant(
    new Command(
      "helm dies by hand",
      undefined,
      (_walk, cluster) =>
        cluster.byHand(() => {
          const deploy = {
            version: cluster.live?.version ?? "",
            maintenance: cluster.live?.maintenance ?? false,
            description: "",
            jump: false,
          };
          cluster.upgrade(deploy, ignore);
          cluster.setStatus("pending-upgrade");
        }),
      isUpgradable,
    ),
  ),
  fc.constant(
    new Command(
      "bsr unlock",
      undefined,
      (_walk, cluster) => cluster.unlock(),
      ({ live }) => live !== undefined && isPending(live),
    ),
  ),
  fc.constant(
    new Command(
      "helm uninstall by hand",
      undefined,
      (_walk, cluster) => cluster.byHand(() => cluster.uninstall()),
      isAllOnRecord,
    ),
  ),
  fc.integer({ min: 1, max: 3 }).map(
    (stage) =>
      new Command("time passes", stage, (_walk, cluster) => {
        for (let done = 0; done < stage; done++) cluster.advance();
        cluster.finishRestore();
      }),
  ),
  fc.option(inStep(2, "awaitDataMigration"), { nil: null }).map(
    (at) =>
      new Command("the data migration completes", at, ({ stack, see }, cluster) => {
        cluster.finishDataMigration();
        see(`up ${stack.up(at).kind}`);
      }),
  ),
  ...often(
    2,
    fc
      .array(fault, { maxLength: 2 })
      .map(
        (faults) =>
          new Command("reach the target", faults, ({ stack, exported, see }) =>
            reachTarget(stack, exported, see, faults),
          ),
      ),
  ),
];

export const firstConfig: fc.Arbitrary<Config> = fc.record({
  target: versions,
  strategy: fc.constantFrom("sequential", "maintenance"),
  ...mostly,
  acknowledge: fc.constant(undefined),
  restore: fc.constant(undefined),
  restoredTo: fc.constant(undefined),
  adopt: fc.constant(undefined),
  deploysPerRun: fc.constantFrom(undefined, undefined, 1, 2, 3),
  values: fc.constant(0),
  tells100: fc.constant(false),
});
