import assert from "node:assert/strict";
import fc from "fast-check";
import { builtInFacts } from "../../components/migrations/facts";
import { firstRun, makePlan, type Plan } from "../../components/migrations/planner";
import { caseArbitrary } from "./arbitrary";
import { short } from "./asking";
import { done, finishedIn, positionIn, worldOf } from "./simulate";

function plan(
  from: string,
  target: string,
  more: { owner?: string; allowDowntime?: boolean; begun?: readonly string[] } = {},
): Plan {
  const { owner = from, allowDowntime = false, begun } = more;
  const unsettled = begun === undefined ? { settled: true } : { settled: false, begun };
  const outcome = makePlan(
    builtInFacts,
    { deployedVersion: from, schemaOwner: owner, highWaterMark: owner, ...unsettled },
    {
      target,
      strategy: allowDowntime ? "maintenance" : "sequential",
      allowDowntime,
      acknowledgeDataLoss: `${owner}->${target}`,
      snapshots: true,
      given: [{ path: "license.key", versions: "*" }],
    },
    { dataMigrations: [], snapshot: null },
  );
  if (outcome.outcome === "refused") assert.fail(JSON.stringify(outcome.refusals));
  return outcome;
}

const runOf = (whole: Plan, from: string, deploys: number) => {
  const { plan: run, later } = firstRun(whole, { schemaOwner: from, highWaterMark: from }, deploys);
  return [run.steps.map(short), later.map(short)];
};

describe("a limit of deploys for a run", () => {
  it("ends it behind that many deploys, with what is left for the next", () => {
    const whole = plan("1.1.0", "1.4.1");
    assert.deepEqual(runOf(whole, "1.1.0", 2), [
      ["snapshot 1.1.0", "deploy 1.2.0", "deploy 1.3.1"],
      ["deploy 1.4.1"],
    ]);
    assert.equal(firstRun(whole, { schemaOwner: "1.1.0", highWaterMark: "1.1.0" }, 2).plan.to, "1.3.1");
  });

  it("never ends it in maintenance", () => {
    const whole = plan("1.2.0", "1.12.1", { allowDowntime: true });
    const [run] = runOf(whole, "1.2.0", 1);
    assert.deepEqual(run?.at(-1), "deploy 1.7.0");
  });

  it("never ends it before the database is migrated down", () => {
    const whole = plan("1.6.0", "1.4.1");
    const { plan: run, later } = firstRun(whole, { schemaOwner: "1.6.0", highWaterMark: "1.6.0" }, 1);
    assert.deepEqual(run.steps.map(({ kind }) => kind).slice(-2), ["deploy", "migrateDown"]);
    assert.deepEqual([run.to, run.schemaOwner, run.highWaterMark], ["1.5.1", "1.5.1", "1.6.0"]);
    assert.deepEqual(
      later.map(({ kind }) => kind),
      ["deploy", "migrateDown"],
    );
  });

  const starts: [string, string, string][] = [
    ["1.4.1", "1.6.0", "upgrade"],
    ["1.4.1", "1.3.1", "downgrade"],
  ];
  for (const [from, target, direction] of starts) {
    it(`tells the direction of what it carries out: ${direction} from ${from} begins with a redeploy`, () => {
      const whole = plan(from, target, { begun: ["1.1.0"] });
      assert.equal(whole.direction, direction);
      const { plan: run, later } = firstRun(whole, { schemaOwner: from, highWaterMark: from }, 1);
      assert.deepEqual(run.steps.map(short), [`snapshot ${from}`, `deploy ${from}`]);
      assert.equal(run.direction, "redeploy");
      assert.ok(later.length > 0);
    });
  }

  it("changes nothing of a plan that is shorter", () => {
    const whole = plan("1.1.0", "1.2.0");
    assert.equal(firstRun(whole, { schemaOwner: "1.1.0", highWaterMark: "1.1.0" }, 1).plan, whole);
  });

  it("reaches, run by run, what the whole plan reaches, and each run ends at what it says, serving", () => {
    let cut = 0;
    fc.assert(
      fc.property(caseArbitrary, fc.integer({ min: 1, max: 3 }), (question, limit) => {
        const { facts, position, request, finished } = question;
        const whole = makePlan(facts, position, request, finished);
        if (whole.outcome !== "plan") return;
        const end = whole.steps.reduce(done, worldOf(position));
        let world = worldOf(position);
        let rest: Plan = whole;
        for (let run = 1; ; run++) {
          assert.ok(run <= whole.steps.length + 1, "the runs come to an end");
          const { plan: now, later } = firstRun(rest, positionIn(world), limit);
          world = now.steps.reduce(done, world);
          if (later.length === 0) break;
          cut += 1;
          assert.ok(now.steps.some(({ kind }) => kind === "deploy"));
          assert.deepEqual(
            [world.deployed, world.owner, world.mark, world.settled, world.maintenance],
            [now.to, now.schemaOwner, now.highWaterMark, true, false],
          );
          const again = makePlan(facts, positionIn(world), request, finishedIn(world));
          if (again.outcome !== "plan") assert.fail(JSON.stringify(again.refusals));
          rest = again;
        }
        for (const what of ["deployed", "owner", "mark", "settled", "maintenance"] as const)
          assert.equal(world[what], end[what], what);
      }),
      { numRuns: 1500 },
    );
    assert.ok(cut > 100, `only ${cut} runs were cut`);
  });
});
