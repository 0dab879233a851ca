import { strict as assert } from "node:assert";
import { gate } from "../../components/migrations/steps/gate";
import type { GateStep } from "../../components/migrations/steps/input";
import { contextOn } from "./fake-context";
import { failureOf, Restoration } from "./restoring";

const step: GateStep = {
  kind: "gate",
  ...{ version: "1.12.1", schemaVersion: 300, statusPage: true, keepsSchema: false, maintenance: false },
  ...{ acceptUnhealthy: [], timeoutSeconds: 60, after: null, digest: null, down: null, takesOver: false },
  plannedAtRevision: 2,
};

describe("the gate in front of the Release", () => {
  let instance: Restoration;

  beforeEach(async () => {
    instance = new Restoration();
    await instance.start();
  });

  afterEach(() => instance.stop());

  it("puts a deploy on record as attempted", async () => {
    await gate(contextOn(instance.cluster).context, step);
    assert.deepEqual(
      instance.record.attempts.map(({ version, revision, transition }) => [version, revision, transition]),
      [["1.12.1", 3, 2]],
    );
  });

  it("puts none on record where the plan has none: nothing would ever verify it", async () => {
    await gate(contextOn(instance.cluster, { deploys: 0, lineage: 7, transition: 7 }).context, step);
    const { attempts, transition, lineage } = instance.record;
    assert.deepEqual([attempts, transition, lineage], [[], 7, 7]);
  });

  it("passes a plan without a deploy only where what is live is what it was made for", async () => {
    const { context } = contextOn(instance.cluster, { deploys: 0 });
    const { what } = await failureOf(gate(context, { ...step, plannedAtRevision: 1 }));
    assert.match(what, /was changed while the transition ran/);
  });
});
