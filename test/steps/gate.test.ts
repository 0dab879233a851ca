import { strict as assert } from "node:assert";
import { bufdContainer } from "../../components/migrations/facts";
import { gate } from "../../components/migrations/steps/gate";
import type { TransitionRecord } from "../../components/migrations/cluster/record/record";
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

  describe("on a database whose schema version the pods show", () => {
    /** Shown by the pods, where the verification of 1.12.1 has learned 300. */
    function shows(schemaVersion: number, record: Partial<TransitionRecord> = {}): void {
      const message = `Migrations: current: ${schemaVersion}, target: 300`;
      const results = [{ name: "migrations", status: "healthy", message }];
      instance.cluster.portSays = JSON.stringify({ overall_status: "healthy", results });
      for (const name of ["bufd-1", "bufd-2"])
        instance.cluster.keep("api/v1/namespaces/bsr/pods", {
          metadata: { name, labels: { app: "bufd" } },
          spec: { containers: [{ name: bufdContainer }] },
        });
      instance.writes({ ...instance.record, learned: { "1.12.1": 300 }, ...record });
    }

    for (const other of [281, 310]) {
      it(`deploys nothing where it is ${other}, and what runs was verified with 300`, async () => {
        shows(other);
        const { what, remedy } = await failureOf(gate(contextOn(instance.cluster).context, step));
        assert.match(
          what,
          new RegExp(`it has schema version ${other}, and had 300 when 1\\.12\\.1 was verified`),
        );
        assert.match(remedy, new RegExp(`restoredTo "<version>,${other}"`));
        assert.deepEqual(instance.record.attempts, []);
      });
    }

    const passes = (why: string, schemaVersion: number, record: Partial<TransitionRecord> = {}) =>
      it(`deploys where ${why}`, async () => {
        shows(schemaVersion, record);
        await gate(contextOn(instance.cluster).context, step);
        assert.equal(instance.record.attempts.length, 1);
      });
    passes("it is as it was verified", 300);
    passes("a newer release has been attempted on it, and may have migrated it", 310, {
      schemaOwner: "1.13.0",
    });
    passes("nothing is known of the release that runs", 281, { learned: {} });
  });
});
