import fc from "fast-check";
import { Cluster } from "./cluster";
import { commands, firstConfig, type Walk } from "./commands";
import { reachTarget } from "./remedies";
import { Stack } from "./stack";

/** The seed of `WALKS_SEED=<number>` in the environment, else the one that is given. */
export function seedOr(usual: number): number {
  return Number(process.env["WALKS_SEED"] ?? usual);
}

/**
 * Walks random sequences and throws where a law breaks, with the seed and the shortest sequence that breaks it.
 * `WALKS=<number>` in the environment gives another number of sequences.
 *
 * Answers how often each thing was seen, so that a test can say that no law held for want of a case.
 */
export function walk(sequences: number, seed: number): ReadonlyMap<string, number> {
  const { WALKS: number } = process.env;
  const seen = new Map<string, number>();
  const see = (what: string) => seen.set(what, (seen.get(what) ?? 0) + 1);
  fc.assert(
    fc.property(firstConfig, fc.commands(commands, { maxCommands: 25, size: "max" }), (config, sequence) => {
      const cluster = new Cluster();
      const stack = new Stack(cluster, config, see);
      const exported: Walk["exported"] = [];
      stack.up();
      fc.modelRun(() => ({ model: cluster, real: { stack, exported, see } }), sequence);
      reachTarget(stack, exported, see);
    }),
    { numRuns: Number(number ?? sequences), seed },
  );
  return seen;
}

const reached = [
  ...[
    "up",
    "bump",
    "configure",
    "restore",
    "restore, and die",
    "refresh",
    "export the state",
    "import a state",
    "lose the state",
  ],
  ...["destroy", "helm upgrade by hand", "maintenance by hand", "helm rollback by hand", "helm dies by hand"],
  ...[
    "bsr unlock",
    "helm uninstall by hand",
    "time passes",
    "adopt what is live",
    "the data migration completes",
    "reach the target",
    "change values",
    "the record is deleted",
    "image edited by hand",
    "destroy, and up again",
    "bump nearby",
    "helm install by hand",
  ],
].map((name) => `command ${name}`);

/** What a restore that was killed has come to. */
const cutOff = ["had", "had not"].map((what) => `moment a restore that was cut off ${what} switched over`);

const situations = ["restored in an earlier life", "only values change"];

/** What somebody deploys while a run is at work. */
const races = ["deploy-begin is done, and not in the state yet", "deploy: the attempt is on record"].map(
  (what) => `somebody deploys: ${what}`,
);

const refusals = [
  ...["drift", "release-not-owned", "unknown-snapshot", "snapshot-method-missing", "reinstall-owner-first"],
  ...["downtime-not-allowed", "snapshot-required", "below-high-water-mark", "unfinished-maintenance"],
  ...["unknown-schema-version", "license-required", "adopted-at-its-version", "nothing-to-adopt"],
].map((code) => `refused ${code}`);

const remedies = ["adopt", "pulumi stack import", "bsr unlock"].map((name) => `remedy ${name}`);

const steps = [
  "preflight",
  "deploy",
  "deploy-begin",
  "snapshot",
  "awaitDataMigration",
  "restore",
  "migrateDown",
  "verify",
];

/** Where a run was ended, by a kill or a failure. */
const ends = [
  ...steps.flatMap((step) => [`${step} begins`, `${step} is done, and not in the state yet`]),
  ...["starting", "migrating", "beside the old"].map((stage) => `verification: pods ${stage}`),
  ...["deploy", "the Release"].flatMap((by) => [
    `${by}: helm holds its lock`,
    `${by}: helm has changed the workloads`,
  ]),
  ...["verification: complete, and not on record", "the Release is made, and not in the state yet"],
  ...["migrateDown: between two migrations", "migrateDown: the database is down, and the record not told"],
  ...["snapshot: the Job runs", "snapshot: taken, and not on record", "deploy: the attempt is on record"],
  ...["begin: the revision is given up", "restore: no pod runs", "restore: the Job runs"],
  "restore: switched over, and not on record",
];

/** What walks never reached, and must have: their laws would hold for want of a case. */
export function neverReached(seen: ReadonlyMap<string, number>): string[] {
  const isEnded = (what: string) => seen.has(`kill ${what}`) || seen.has(`fail ${what}`);
  return [
    ...[...reached, ...cutOff, ...situations, ...races, ...refusals, ...remedies].filter(
      (what) => !seen.has(what),
    ),
    ...ends.filter((what) => !isEnded(what)),
  ];
}
