import assert from "node:assert/strict";
import fc from "fast-check";
import { makePlan } from "../../components/migrations/planner";
import { caseArbitrary } from "./arbitrary";
import { worldOf } from "./simulate";

describe("the generated questions", () => {
  it("have plans of every kind, so that no law holds for want of a case", () => {
    const seen = new Map<string, number>();
    const see = (kind: string, is: boolean) => is && seen.set(kind, (seen.get(kind) ?? 0) + 1);
    fc.assert(
      fc.property(caseArbitrary, ({ facts, position, request, finished }) => {
        const plan = makePlan(facts, position, request, finished);
        if (plan.outcome !== "plan") return;
        const { deployed, owner, mark } = worldOf(position);
        const downs = plan.steps.filter((step) => step.kind === "migrateDown").length;
        const jumps = plan.steps.filter((step) => step.kind === "deploy" && step.maintenance).length;
        const waits = plan.steps.filter((step) => step.kind === "awaitDataMigration").length;
        const deploys = plan.steps.filter((step) => step.kind === "deploy").length;
        see(plan.direction, true);
        see("install on a used database", deployed === null && owner !== null);
        see("install with a migration down", deployed === null && downs > 0);
        see("several hops", plan.direction === "upgrade" && deploys > 2 && jumps === 0);
        see("one minor down", downs === 1);
        see("an acknowledged walk down", downs > 1);
        see("a jump", jumps === 1);
        see("two jumps", jumps > 1);
        see("a wait", waits === 1);
        see("two waits", waits > 1);
        see("an owner above the deployed version", owner !== deployed && deployed !== null);
        see("a mark above the owner", mark !== owner);
        see("back after a failed hop", plan.direction === "downgrade" && plan.to === plan.from);
      }),
      // What chance leaves out is no defect: always the same questions.
      { numRuns: 8000, seed: 1 },
    );
    const kinds = [
      ...["install", "none", "upgrade", "downgrade", "redeploy"],
      ...["install on a used database", "install with a migration down", "several hops", "one minor down"],
      ...["an acknowledged walk down", "a jump", "two jumps", "a wait", "two waits"],
      ...["an owner above the deployed version", "a mark above the owner", "back after a failed hop"],
    ];
    const rare = kinds.filter((kind) => (seen.get(kind) ?? 0) < 5);
    assert.deepEqual(rare, [], JSON.stringify([...seen]));
  });
});
