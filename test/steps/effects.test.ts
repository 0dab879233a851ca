import { strict as assert } from "node:assert";
import { deploy } from "../../components/migrations/steps/deploy";
import { gate } from "../../components/migrations/steps/gate";
import type { DeployStep } from "../../components/migrations/steps/input";
import { fakeHelm } from "../component/fake-helm";
import { contextOn } from "./fake-context";
import { failureOf, Restoration } from "./restoring";

const expectation = {
  ...{ version: "1.13.0", schemaVersion: 301, statusPage: true, keepsSchema: false, maintenance: false },
  ...{ acceptUnhealthy: [], timeoutSeconds: 60, digest: null, down: null, plannedAtRevision: 2, after: null },
};

/** The random walks have the same order written down, in walks/step-program.ts. */
describe("the effects of a step", () => {
  let instance: Restoration;
  let putBack: () => void;

  beforeEach(async () => {
    instance = new Restoration();
    await instance.start();
    const { server = "" } = instance.cluster.client.getCurrentCluster() ?? {};
    putBack = fakeHelm(`[ "$1" != upgrade ] || { curl -s -o /dev/null "${server}/helm/upgrade"; exit 1; }`);
  });

  afterEach(async () => {
    putBack();
    await instance.stop();
  });

  /** What was changed, in order, with the attempts that were on record by then. */
  function effects(): string[] {
    const seen: string[] = [];
    const { cluster } = instance;
    const { after } = cluster;
    cluster.after = (asked) => {
      after(asked);
      const attempts = () => instance.record.attempts.map(({ version }) => version).join(", ");
      if (asked.path === "/helm/upgrade") seen.push(`helm upgrade, attempted: ${attempts()}`);
      else if (asked.method !== "GET" && asked.path.includes("/configmaps/"))
        seen.push(`record: ${attempts()}`);
      else if (asked.method !== "GET" && asked.path.includes("/secrets/")) seen.push("revision given up");
    };
    return seen;
  }

  it("of a deploy: the attempt is on record when Helm begins", async () => {
    const seen = effects();
    const step: DeployStep = { kind: "deploy", ...expectation, values: {} };
    await failureOf(deploy(contextOn(instance.cluster).context, step));
    assert.deepEqual(seen, ["record: 1.13.0", "helm upgrade, attempted: 1.13.0"]);
  });

  it("of a gate: the attempt is on record before the revision is given up that the Release replaces", async () => {
    const seen = effects();
    await gate(contextOn(instance.cluster).context, { kind: "gate", ...expectation, takesOver: true });
    assert.deepEqual(seen, ["record: 1.13.0", "revision given up"]);
  });
});
