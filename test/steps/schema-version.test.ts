import { strict as assert } from "node:assert";
import { schemaAfterDeploy } from "../../components/migrations/steps/schema-version";
import { Wait } from "../../components/migrations/steps/wait";
import { FakeCluster, type Kept } from "./fake-cluster";
import { contextOn } from "./fake-context";
import { pgDump } from "./restoring";

describe("the schema version after a deploy of a release without a status page", () => {
  let cluster: FakeCluster;

  beforeEach(async () => {
    cluster = new FakeCluster();
    await cluster.start();
  });

  afterEach(() => cluster.stop());

  /** What is answered where Postgres has a schema version. */
  async function after(
    current: number,
    expected: Parameters<typeof schemaAfterDeploy>[1],
    schemaBefore: number | null = null,
  ) {
    cluster.after = ({ method, path, body }) => {
      if (method === "POST" && path.endsWith("/jobs"))
        cluster.endsJob((body as Kept).metadata.name, 0, `result: {"schemaVersion":${current}}\n`);
    };
    const { context } = contextOn(cluster, { method: pgDump });
    return schemaAfterDeploy(context, expected, schemaBefore, new Wait(context, "1.5.1", 60));
  }

  const own = { schemaVersion: 247, keepsSchema: false };
  const newerOwner = { schemaVersion: 247, keepsSchema: true };

  it("is that of the release", async () => {
    assert.deepEqual(await after(247, own), { current: 247, problems: [] });
  });

  it("is a problem where it is another one", async () => {
    assert.deepEqual((await after(246, own))?.problems, ["schema version is 246 (target 247), wanted 247"]);
  });

  it("is what it was before where the owner is newer", async () => {
    assert.deepEqual((await after(255, newerOwner, 255))?.problems, []);
    assert.deepEqual((await after(254, newerOwner, 255))?.problems, [
      "schema version is 254, wanted 255 as before the deploy",
    ]);
  });

  it("is not asked for where nothing can tell it, or the release has none", async () => {
    const { context } = contextOn(cluster);
    assert.equal(await schemaAfterDeploy(context, own, null, new Wait(context, "1.5.1", 60)), null);
    assert.equal(await after(238, { schemaVersion: null, keepsSchema: false }), null);
  });
});
