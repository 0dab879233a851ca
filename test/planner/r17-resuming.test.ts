import assert from "node:assert/strict";
import fc from "fast-check";
import semver from "semver";
import { builtInFacts, type Facts } from "../../components/migrations/facts";
import { makePlan, type Plan, type Request, type Step } from "../../components/migrations/planner";
import { caseArbitrary } from "./arbitrary";
import { ask, licensed, planned, short } from "./asking";
import { attempted, done, finishedIn, positionIn, worldOf, type World } from "./simulate";

function planAgain(facts: Facts, world: World, request: Request): Plan {
  return planned(makePlan(facts, positionIn(world), request, finishedIn(world)));
}

/**
 * The steps that change something in this world: without the snapshots, the deploys of what is deployed and
 * the maintenance deploys, all of which R17 lets a plan repeat.
 */
function effective(world: World, steps: readonly Step[]): string[] {
  const kept: string[] = [];
  let deployed = world.deployed;
  for (const step of steps) {
    if (step.kind === "snapshot") continue;
    if (step.kind === "deploy") {
      const repeats = step.maintenance || step.version === deployed;
      deployed = step.version;
      if (repeats) continue;
    }
    kept.push(short(step));
  }
  return kept;
}

/**
 * An owner beyond a required stop above the deployed version. No transition leaves that behind, since a jump ends
 * at the stop; only a deploy by hand does. The way on is then a jump from leg to leg (R13), and planning again
 * behind the stop jumps where the first plan, by R8, goes hop by hop: another way to the same end.
 */
function ownedFromBeyondAStop(facts: Facts, { deployed, owner }: World): boolean {
  if (deployed === null || owner === null) return false;
  return facts.requiredStops.some(
    ({ minor }) => semver.gt(`${minor}.0`, deployed) && semver.gt(owner, `${minor}.999`),
  );
}

/** Every world that a plan can be left in: after each step, and with each deploy begun and not verified. */
function interruptions(start: World, steps: readonly Step[]): { name: string; world: World; rest: Step[] }[] {
  const found = [{ name: "before the first step", world: start, rest: [...steps] }];
  let world = start;
  steps.forEach((step, index) => {
    if (step.kind === "deploy") {
      found.push({ name: `in ${short(step)}`, world: attempted(world, step), rest: steps.slice(index) });
    }
    world = done(world, step);
    found.push({ name: `after ${short(step)}`, world, rest: steps.slice(index + 1) });
  });
  return found;
}

describe("R17 planning again gives the rest", () => {
  it("holds after every prefix of every plan over generated tables, also in a deploy that was not verified", () => {
    let seen = 0;
    fc.assert(
      fc.property(caseArbitrary, ({ facts, position, request, finished }) => {
        const outcome = makePlan(facts, position, request, finished);
        if (outcome.outcome !== "plan") return;
        const start = worldOf(position);
        const end = outcome.steps.reduce(done, start);
        for (const { name, world, rest } of interruptions(start, outcome.steps)) {
          seen += 1;
          const again = planAgain(facts, world, request);
          if (!ownedFromBeyondAStop(facts, start)) {
            assert.deepEqual(effective(world, again.steps), effective(world, rest), name);
          }
          const reached = again.steps.reduce(done, world);
          for (const what of ["deployed", "owner", "mark", "settled", "maintenance"] as const) {
            assert.equal(reached[what], end[what], `${what}, ${name}`);
          }
        }
        assert.deepEqual(planAgain(facts, end, request).steps, []);
      }),
      { numRuns: 1500 },
    );
    assert.ok(seen > 1500, `only ${seen} interruptions were seen`);
  });

  it("holds for all pairs of the built-in table with both strategies", () => {
    const versions = builtInFacts.releases.map(({ version }) => version);
    for (const from of versions) {
      for (const target of versions) {
        for (const strategy of ["sequential", "maintenance"] as const) {
          const request: Request = {
            target,
            strategy,
            allowDowntime: true,
            acknowledgeDataLoss: `${from}->${target}`,
            snapshots: true,
            given: licensed,
          };
          const start = worldOf({
            deployedVersion: from,
            schemaOwner: null,
            highWaterMark: null,
            settled: true,
          });
          const outcome = makePlan(builtInFacts, positionIn(start), request, finishedIn(start));
          if (outcome.outcome !== "plan") {
            assert.deepEqual(
              outcome.refusals.map(({ code }) => code),
              ["unknown-schema-version"],
            );
            assert.equal(target, "1.0.0");
            continue;
          }
          for (const { name, world, rest } of interruptions(start, outcome.steps)) {
            const again = planAgain(builtInFacts, world, request);
            assert.deepEqual(
              effective(world, again.steps),
              effective(world, rest),
              `${from} to ${target}, ${name}`,
            );
          }
        }
      }
    }
  });
});

interface State {
  readonly when: string;
  readonly plan: readonly string[];
}

/** One test for each state on the way, with the whole plan that is then made. */
function walk(question: Parameters<typeof ask>[0], states: readonly State[]): void {
  const facts = question.facts ?? builtInFacts;
  const request: Request = {
    target: question.to,
    strategy: question.strategy ?? "sequential",
    allowDowntime: question.downtime ?? false,
    acknowledgeDataLoss: question.acknowledge ?? null,
    snapshots: true,
    given: licensed,
  };
  const start = worldOf({
    deployedVersion: question.from,
    schemaOwner: question.owner ?? null,
    highWaterMark: question.mark ?? null,
    settled: true,
  });
  const all = interruptions(start, planned(ask(question)).steps);
  it("has a row for every state on the way", () => {
    assert.deepEqual(
      states.map(({ when }) => when),
      all.map(({ name }) => name),
    );
  });
  for (const { when, plan } of states) {
    it(`${when}: ${plan.join(", ") || "nothing to do"}`, () => {
      const state = all.find(({ name }) => name === when);
      assert.ok(state);
      assert.deepEqual(planAgain(facts, state.world, request).steps.map(short), plan);
    });
  }
}

describe("R17 from 1.6.0 to 1.9.1, over the required stop", () => {
  const late = ["snapshot 1.7.0", "deploy 1.8.3", "deploy 1.9.1"];
  walk({ from: "1.6.0", to: "1.9.1" }, [
    {
      when: "before the first step",
      plan: ["snapshot 1.6.0", "deploy 1.7.0", "await 1.7.0", "deploy 1.8.3", "deploy 1.9.1"],
    },
    {
      when: "after snapshot 1.6.0",
      plan: ["snapshot 1.6.0", "deploy 1.7.0", "await 1.7.0", "deploy 1.8.3", "deploy 1.9.1"],
    },
    {
      when: "in deploy 1.7.0",
      plan: ["snapshot 1.6.0", "deploy 1.7.0", "await 1.7.0", "deploy 1.8.3", "deploy 1.9.1"],
    },
    { when: "after deploy 1.7.0", plan: ["await 1.7.0", ...late] },
    { when: "after await 1.7.0", plan: late },
    { when: "in deploy 1.8.3", plan: late },
    { when: "after deploy 1.8.3", plan: ["snapshot 1.8.3", "deploy 1.9.1"] },
    { when: "in deploy 1.9.1", plan: ["snapshot 1.8.3", "deploy 1.9.1"] },
    { when: "after deploy 1.9.1", plan: [] },
  ]);
});

describe("R17 from 1.2.0 to 1.12.1 through maintenance", () => {
  const second = ["deploy 1.7.0 (maintenance)", "snapshot 1.7.0", "deploy 1.12.1"];
  const rest = ["deploy 1.7.0", "await 1.7.0", ...second];
  const whole = ["deploy 1.2.0 (maintenance)", "snapshot 1.2.0", ...rest];
  const taken = ["deploy 1.2.0 (maintenance)", ...rest];
  walk({ from: "1.2.0", to: "1.12.1", strategy: "maintenance", downtime: true }, [
    { when: "before the first step", plan: whole },
    { when: "in deploy 1.2.0 (maintenance)", plan: whole },
    { when: "after deploy 1.2.0 (maintenance)", plan: whole },
    { when: "after snapshot 1.2.0", plan: taken },
    { when: "in deploy 1.7.0", plan: whole },
    { when: "after deploy 1.7.0", plan: ["await 1.7.0", ...second] },
    { when: "after await 1.7.0", plan: second },
    { when: "in deploy 1.7.0 (maintenance)", plan: second },
    { when: "after deploy 1.7.0 (maintenance)", plan: second },
    { when: "after snapshot 1.7.0", plan: ["deploy 1.7.0 (maintenance)", "deploy 1.12.1"] },
    { when: "in deploy 1.12.1", plan: second },
    { when: "after deploy 1.12.1", plan: [] },
  ]);
});

describe("R17 from 1.9.0 down to 1.8.3 with the owner 1.9.1", () => {
  const whole = ["snapshot 1.9.0", "deploy 1.8.3", "down 281 by 1.9.1"];
  walk({ from: "1.9.0", to: "1.8.3", owner: "1.9.1" }, [
    { when: "before the first step", plan: whole },
    { when: "after snapshot 1.9.0", plan: whole },
    { when: "in deploy 1.8.3", plan: whole },
    { when: "after deploy 1.8.3", plan: ["snapshot 1.8.3", "deploy 1.8.3", "down 281 by 1.9.1"] },
    { when: "after down 281 by 1.9.1", plan: [] },
  ]);
});

describe("R17 from 1.6.0 down to 1.4.1, acknowledged", () => {
  const last = ["deploy 1.4.1", "down 246 by 1.5.1"];
  const whole = ["snapshot 1.6.0", "deploy 1.5.1", "down 247 by 1.6.0", ...last];
  walk({ from: "1.6.0", to: "1.4.1", acknowledge: "1.6.0->1.4.1" }, [
    { when: "before the first step", plan: whole },
    { when: "after snapshot 1.6.0", plan: whole },
    { when: "in deploy 1.5.1", plan: whole },
    { when: "after deploy 1.5.1", plan: ["snapshot 1.5.1", "deploy 1.5.1", "down 247 by 1.6.0", ...last] },
    { when: "after down 247 by 1.6.0", plan: ["snapshot 1.5.1", ...last] },
    { when: "in deploy 1.4.1", plan: ["snapshot 1.5.1", ...last] },
    { when: "after deploy 1.4.1", plan: ["snapshot 1.4.1", ...last] },
    { when: "after down 246 by 1.5.1", plan: [] },
  ]);
});
