import assert from "node:assert/strict";
import fc from "fast-check";
import semver from "semver";
import type { Facts } from "../../components/migrations/facts";
import { makePlan, type Outcome, type Plan, type Step } from "../../components/migrations/planner";
import { caseArbitrary, frozen, type Case } from "./arbitrary";
import { short } from "./asking";
import { expectedRefusals } from "./expected-refusals";
import { done, worldOf, type World } from "./simulate";

type Deploy = Step & { kind: "deploy" };

function answer({ facts, position, request, finished }: Case): Outcome {
  return makePlan(facts, position, request, finished);
}

/** Checks a law for every generated question that is planned, and that enough of them are. */
function lawOfPlans(law: (plan: Plan, asked: Case) => void): void {
  let plans = 0;
  fc.assert(
    fc.property(caseArbitrary, (asked) => {
      const outcome = answer(asked);
      if (outcome.outcome !== "plan") return;
      plans += 1;
      law(outcome, asked);
    }),
    { numRuns: 1000 },
  );
  assert.ok(plans > 200, `only ${plans} of 1000 questions were planned`);
}

/** The worlds before each step. */
function worldsBefore(plan: Plan, { position }: Case): World[] {
  const worlds = [worldOf(position)];
  for (const step of plan.steps) worlds.push(done(worlds.at(-1) as World, step));
  return worlds.slice(0, -1);
}

function deploys(plan: Plan): Deploy[] {
  return plan.steps.filter((step) => step.kind === "deploy");
}

function minor(version: string): number {
  return semver.major(version) * 1000 + semver.minor(version);
}

function newestPatch(facts: Facts, version: string): string {
  const same = facts.releases.filter((release) => minor(release.version) === minor(version));
  return semver.rsort(same.map((release) => release.version))[0] as string;
}

describe("laws of every plan, over generated tables", () => {
  it("ends at the target: deployed, with maintenance off, and in the owner's minor (R2 to R5, R10, R11)", () => {
    lawOfPlans((plan, asked) => {
      const end = plan.steps.reduce(done, worldOf(asked.position));
      assert.equal(end.deployed, plan.to);
      assert.equal(end.settled, true);
      assert.equal(minor(end.owner as string), minor(plan.to));
    });
  });

  it("says the mark and the owner that its steps lead to (R12, R13)", () => {
    lawOfPlans((plan, asked) => {
      const end = plan.steps.reduce(done, worldOf(asked.position));
      assert.equal(plan.schemaOwner, end.owner);
      assert.equal(plan.highWaterMark, end.mark);
    });
  });

  it("moves strictly: up only, or down only, and again only where nothing changes", () => {
    lawOfPlans((plan, { position }) => {
      const route = deploys(plan).map((step) => step.version);
      const start = position.deployedVersion;
      const down = plan.mayLoseData;
      route.forEach((version, index) => {
        const before = index === 0 ? start : (route[index - 1] as string);
        if (before === null || version === before) return;
        if (down)
          assert.ok(index === 0 || semver.lt(version, before), `${before} to ${version} on a way down`);
        else if (route.length > 1)
          assert.ok(semver.gt(version, before), `${before} to ${version} on a way up`);
      });
      const repeats = deploys(plan).filter((step, index) => index > 0 && step.version === route[index - 1]);
      assert.ok(
        repeats.every((step) => step.maintenance),
        "deployed twice without a change",
      );
    });
  });

  it("moves at most one minor with a deploy, unless it is the jump of a maintenance leg (R5, R8)", () => {
    lawOfPlans((plan, asked) => {
      worldsBefore(plan, asked).forEach((world, index) => {
        const step = plan.steps[index] as Step;
        if (step.kind !== "deploy" || world.deployed === null || world.maintenance) return;
        if (plan.mayLoseData) return;
        assert.ok(minor(step.version) - minor(world.deployed) <= 1, `${world.deployed} to ${step.version}`);
      });
    });
  });

  it("goes hop by hop through the newest patch of each minor (R5, R12)", () => {
    lawOfPlans((plan, { facts, position }) => {
      for (const { version } of deploys(plan)) {
        if (version === plan.to || version === position.deployedVersion) continue;
        assert.equal(version, newestPatch(facts, version));
      }
    });
  });

  it("turns maintenance on only for a leg worth it, allowed, with a snapshot between (R8, R13)", () => {
    lawOfPlans((plan, asked) => {
      const start = worldOf(asked.position);
      plan.steps.forEach((step, index) => {
        if (step.kind !== "deploy" || !step.maintenance) return;
        assert.equal(asked.request.strategy, "maintenance");
        assert.equal(asked.request.allowDowntime, true);
        assert.deepEqual(plan.steps[index + 1], { kind: "snapshot", version: step.version });
        const end = plan.steps[index + 2] as Deploy;
        assert.equal(end.kind, "deploy");
        assert.equal(end.maintenance, false);
        const resumed = minor(start.owner as string) - minor(start.deployed as string) > 1;
        assert.ok(
          minor(end.version) - minor(step.version) >= 3 || (resumed && step.version === start.deployed),
          `${step.version} to ${end.version}`,
        );
      });
    });
  });

  it("walks no long leg hop by hop when the strategy is maintenance (R8)", () => {
    lawOfPlans((plan, asked) => {
      if (asked.request.strategy !== "maintenance" || plan.direction !== "upgrade" || plan.mayLoseData)
        return;
      const from = plan.from as string;
      const cuts = asked.facts.requiredStops
        .map((stop) => semver.coerce(stop.minor) as semver.SemVer)
        .map((version) => minor(version.version))
        .filter((stop) => stop > minor(from) && stop < minor(plan.to));
      const ends = [minor(from), ...cuts.sort((a, b) => a - b), minor(plan.to)];
      const long = ends.slice(1).filter((end, index) => end - (ends[index] as number) >= 3);
      const jumps = deploys(plan).filter((step) => step.maintenance);
      assert.ok(jumps.length >= long.length, `${jumps.length} jumps for ${long.length} long legs`);
    });
  });

  it("jumps no required stop: it deploys the newest patch, and awaits it before the next deploy (R7)", () => {
    lawOfPlans((plan, { facts, position }) => {
      if (plan.mayLoseData || plan.from === null) return;
      const from = plan.from;
      for (const stop of facts.requiredStops) {
        const at = minor(`${stop.minor}.0`);
        if (!(minor(from) <= at && at < minor(plan.to))) continue;
        const { owner } = worldOf(position);
        const resumed = minor(owner ?? from) - minor(from) > 1;
        // The wait ended before the jump that is gone on with, and none runs in maintenance.
        if (minor(from) === at && resumed && position.maintenance === true) continue;
        const waits = plan.steps.flatMap((step, index) =>
          step.kind === "awaitDataMigration" && minor(step.version) === at ? [index] : [],
        );
        assert.equal(waits.length, 1, `${waits.length} waits at ${stop.minor}`);
        const wait = waits[0] as number;
        const version = (plan.steps[wait] as Step & { version: string }).version;
        const leaves = plan.steps.findIndex((step) => step.kind === "deploy" && minor(step.version) > at);
        assert.ok(wait < leaves, "the wait comes before the first deploy above the stop");
        if (minor(from) === at) {
          assert.equal(version, position.deployedVersion);
        } else {
          assert.equal(version, newestPatch(facts, version));
          assert.deepEqual(plan.steps[wait - 1], { kind: "deploy", version, maintenance: false });
        }
      }
    });
  });

  it("awaits nothing on a way down, at an end, or where no stop is (R7)", () => {
    lawOfPlans((plan, { facts }) => {
      for (const step of plan.steps) {
        if (step.kind !== "awaitDataMigration") continue;
        assert.equal(plan.mayLoseData, false);
        assert.notEqual(minor(step.version), minor(plan.to));
        assert.ok(facts.requiredStops.some((stop) => minor(`${stop.minor}.0`) === minor(step.version)));
      }
    });
  });

  it("awaits nothing while maintenance is on (R7)", () => {
    lawOfPlans((plan, asked) => {
      worldsBefore(plan, asked).forEach((world, index) => {
        if (plan.steps[index]?.kind === "awaitDataMigration") assert.equal(world.maintenance, false);
      });
    });
  });

  it("takes one snapshot directly before the first deploy, or one in each jump, and none without a method (R9)", () => {
    lawOfPlans((plan, asked) => {
      const snapshots = plan.steps.flatMap((step, index) => (step.kind === "snapshot" ? [index] : []));
      const jumps = plan.steps.flatMap((step, index) =>
        step.kind === "deploy" && step.maintenance ? [index] : [],
      );
      const first = plan.steps.findIndex((step) => step.kind === "deploy");
      const behindJumps = jumps.map((index) => index + 1);
      const jumpsFirst =
        jumps.length > 0 &&
        deploys(plan).findIndex((step) => step.version !== plan.from) ===
          jumps.indexOf(jumps[0] as number) + 1;
      if (!asked.request.snapshots || plan.from === null || first === -1) {
        assert.deepEqual(snapshots, []);
      } else if (snapshots.length > behindJumps.length) {
        assert.deepEqual(snapshots, [first - 1, ...behindJumps]);
        assert.ok(!jumpsFirst || !asked.position.settled, "an extra snapshot before a jump");
      } else {
        assert.deepEqual(snapshots, behindJumps);
        assert.ok(jumps.length > 0, "a transition without a snapshot");
      }
      worldsBefore(plan, asked).forEach((world, index) => {
        const step = plan.steps[index] as Step;
        if (step.kind === "snapshot") assert.equal(step.version, world.deployed);
      });
    });
  });

  it("migrates down only with the owner's binary, one minor, right behind the deploy, to its number (R11, R14)", () => {
    lawOfPlans((plan, asked) => {
      worldsBefore(plan, asked).forEach((world, index) => {
        const step = plan.steps[index] as Step;
        if (step.kind !== "migrateDown") return;
        const before = plan.steps[index - 1] as Deploy;
        assert.equal(before.kind, "deploy");
        assert.equal(step.binary, world.owner);
        assert.equal(minor(step.binary) - minor(before.version), 1);
        const release = asked.facts.releases.find(({ version }) => version === before.version);
        assert.equal(step.schemaVersion, release?.databaseVersion);
      });
    });
  });

  it("migrates down exactly when the target's minor is below the owner's (R10, R11)", () => {
    lawOfPlans((plan, { position }) => {
      const { owner } = worldOf(position);
      assert.equal(plan.mayLoseData, owner !== null && minor(plan.to) < minor(owner));
    });
  });

  it("migrates below the mark's reach only when exactly this is acknowledged (R12)", () => {
    lawOfPlans((plan, { position, request }) => {
      const { mark } = worldOf(position);
      if (!plan.mayLoseData || mark === null || minor(mark) - minor(plan.to) <= 1) return;
      assert.equal(request.acknowledgeDataLoss, `${mark}->${plan.to}`);
    });
  });

  it("deploys nothing without the values that it needs (R15)", () => {
    lawOfPlans((plan, { facts, request }) => {
      if (request.given.length > 0) return;
      const [contract] = facts.contracts;
      for (const { version } of deploys(plan)) {
        assert.equal(
          semver.satisfies(version, contract?.versions ?? ""),
          false,
          `${version} without a license`,
        );
      }
    });
  });

  it("crosses no minor without a release, and no major (R1)", () => {
    lawOfPlans((plan, { facts, position }) => {
      const { owner } = worldOf(position);
      const start = plan.mayLoseData ? owner : plan.from;
      if (start === null) return;
      assert.equal(semver.major(start), semver.major(plan.to));
      const [low, high] = [minor(start), minor(plan.to)].sort((a, b) => a - b) as [number, number];
      for (let between = low + 1; between < high; between += 1) {
        assert.ok(
          facts.releases.some(({ version }) => minor(version) === between),
          `no release of ${between}`,
        );
      }
    });
  });

  it("sums itself up truly: direction, strategy, downtime, loss", () => {
    lawOfPlans((plan) => {
      const maintenance = deploys(plan).some((step) => step.maintenance);
      assert.equal(plan.downtime, maintenance);
      assert.equal(plan.strategy, maintenance ? "maintenance" : "sequential");
      assert.equal(
        plan.mayLoseData,
        plan.steps.some((step) => step.kind === "migrateDown"),
      );
      const direction =
        plan.steps.length === 0
          ? "none"
          : plan.from === null
            ? "install"
            : semver.lt(plan.to, plan.from) || plan.mayLoseData
              ? "downgrade"
              : plan.to === plan.from
                ? "redeploy"
                : "upgrade";
      assert.equal(plan.direction, direction);
    });
  });

  it("warns exactly where a rule says so", () => {
    lawOfPlans((plan, { facts, position, request }) => {
      const expected: string[] = [];
      const steps = plan.steps.length > 0;
      if (request.strategy === "maintenance" && steps && !plan.downtime)
        expected.push("maintenance-not-used");
      if (request.strategy === "sequential" && request.snapshots && hasLongLeg(plan, facts)) {
        expected.push("maintenance-shorter");
      }
      if (!request.snapshots && steps && plan.from !== null) expected.push("no-snapshot");
      const { mark } = worldOf(position);
      const needed = plan.mayLoseData && mark !== null && minor(mark) - minor(plan.to) > 1;
      if (request.acknowledgeDataLoss !== null && !needed) expected.push("acknowledgement-unused");
      assert.deepEqual(
        plan.warnings.map(({ code }) => code),
        expected,
        plan.steps.map(short).join("; "),
      );
    });
  });
});

/** Measured on the steps themselves: the deploys between two waits, each one minor. */
function hasLongLeg(plan: Plan, facts: Facts): boolean {
  if (plan.direction !== "upgrade") return false;
  let start = minor(plan.from as string);
  for (const step of plan.steps) {
    if (step.kind === "awaitDataMigration") start = minor(step.version);
    if (step.kind === "deploy") {
      const stopBetween = facts.requiredStops.some(
        (stop) => minor(`${stop.minor}.0`) > start && minor(`${stop.minor}.0`) < minor(step.version),
      );
      assert.equal(stopBetween, false);
      if (minor(step.version) - start >= 3) return true;
    }
  }
  return false;
}

describe("laws of a restore (R18)", () => {
  it("comes first and once, and the rest is what the restored database is planned alone (R2, R17)", () => {
    let plans = 0;
    fc.assert(
      fc.property(caseArbitrary, caseArbitrary, ({ position, finished }, { facts, request, ...snapshot }) => {
        const version = snapshot.position.deployedVersion ?? "1.0.0";
        const { schemaOwner, highWaterMark } = snapshot.position;
        const had = worldOf({ ...snapshot.position, deployedVersion: version });
        const restored = {
          deployedVersion: null,
          schemaOwner: had.owner,
          highWaterMark: had.mark,
          settled: true,
        };
        const alone = makePlan(facts, restored, request, { dataMigrations: [], snapshot: null });
        const restore = {
          version,
          schemaVersion: 100,
          schemaOwner: schemaOwner ?? version,
          highWaterMark: highWaterMark ?? version,
        };
        const outcome = makePlan(facts, position, { ...request, restore }, finished);
        assert.equal(outcome.outcome, alone.outcome);
        if (outcome.outcome === "refused" || alone.outcome === "refused") {
          const codes = (refused: Outcome) =>
            "refusals" in refused && refused.refusals.map(({ code }) => code);
          assert.deepEqual(codes(outcome), codes(alone));
          return;
        }
        plans += 1;
        assert.deepEqual(outcome, {
          ...alone,
          direction: "restore",
          from: position.deployedVersion,
          steps: [{ kind: "restore", version, schemaVersion: 100 }, ...alone.steps],
          warnings: alone.warnings.filter(({ code }) => code !== "maintenance-not-used"),
          downtime: true,
          mayLoseData: true,
        });
      }),
      { numRuns: 1000 },
    );
    assert.ok(plans > 100, `only ${plans} of 1000 restores were planned`);
  });
});

describe("laws of every answer", () => {
  it("changes none of its arguments", () => {
    fc.assert(
      fc.property(caseArbitrary, (asked) => {
        const before = JSON.stringify(asked);
        answer(frozen(asked));
        assert.equal(JSON.stringify(asked), before);
      }),
      { numRuns: 500 },
    );
  });

  it("gives the same answer to the same question, also from facts that are equal and not the same", () => {
    fc.assert(
      fc.property(caseArbitrary, (asked) => {
        const again = JSON.parse(JSON.stringify(asked)) as Case;
        assert.deepEqual(answer(again), answer(asked));
      }),
      { numRuns: 500 },
    );
  });

  it("refuses with sentences: code, found, wanted and remedy, none empty, none with a hole", () => {
    let refusals = 0;
    fc.assert(
      fc.property(caseArbitrary, (asked) => {
        const outcome = answer(asked);
        if (outcome.outcome !== "refused") return;
        assert.ok(outcome.refusals.length > 0);
        for (const { code, found, wanted, remedy } of outcome.refusals) {
          refusals += 1;
          assert.match(code, /^[a-z]+(-[a-z]+)+$/);
          for (const text of [found, wanted, remedy]) {
            assert.match(text, /^[A-Z1-9].*[.)]$/s);
            assert.doesNotMatch(text, /undefined|null|NaN|Infinity|\[object|\s\s/);
          }
        }
      }),
      { numRuns: 1000 },
    );
    assert.ok(refusals > 200, `only ${refusals} refusals were seen`);
  });

  it("refuses exactly what a rule refuses, with every code and no other (R1, R2, R8, R12 to R16)", () => {
    const seen = new Set<string>();
    fc.assert(
      fc.property(caseArbitrary, (asked) => {
        const outcome = answer(asked);
        const codes = outcome.outcome === "refused" ? outcome.refusals.map(({ code }) => code) : [];
        assert.deepEqual(codes, expectedRefusals(asked));
        codes.forEach((code) => seen.add(code));
      }),
      { numRuns: 3000 },
    );
    assert.equal(seen.size, 8, [...seen].join(", "));
  });

  it("judges each matter on its own: what mends one refusal takes away that one and no other (R16)", () => {
    const codes = (asked: Case): string[] => {
      const outcome = answer(asked);
      return outcome.outcome === "refused" ? outcome.refusals.map(({ code }) => code) : [];
    };
    const alone = ["reinstall-owner-first", "unfinished-maintenance", "unknown-release", "invalid-version"];
    fc.assert(
      fc.property(caseArbitrary, (asked) => {
        const before = codes(asked);
        if (before.some((code) => alone.includes(code))) {
          assert.equal(before.length, 1);
          return;
        }
        const mend = (request: Partial<Case["request"]>, gone: string) =>
          assert.deepEqual(
            codes({ ...asked, request: { ...asked.request, ...request } }),
            before.filter((code) => code !== gone),
          );
        mend({ allowDowntime: true }, "downtime-not-allowed");
        mend({ snapshots: true }, "snapshot-required");
        mend({ given: [{ path: "license.key", versions: "*" }] }, "license-required");
        const { mark } = worldOf(asked.position);
        if (mark !== null) {
          mend({ acknowledgeDataLoss: `${mark}->${asked.request.target}` }, "below-high-water-mark");
        }
      }),
      { numRuns: 1000 },
    );
  });

  it("says unknown-release for an end that no table has, whatever else is wrong", () => {
    fc.assert(
      fc.property(caseArbitrary, (asked) => {
        const request = { ...asked.request, target: "1.99.99" };
        const outcome = answer({ ...asked, request });
        assert.deepEqual(outcome.outcome === "refused" && outcome.refusals.map(({ code }) => code), [
          "unknown-release",
        ]);
      }),
      { numRuns: 300 },
    );
  });
});
