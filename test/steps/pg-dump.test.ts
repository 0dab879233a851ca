import { strict as assert } from "node:assert";
import { PgDump } from "../../components/migrations/steps/snapshots/pg-dump";
import { Wait } from "../../components/migrations/steps/wait";
import { FakeCluster, type Kept } from "./fake-cluster";
import { contextOn } from "./fake-context";
import { pgDump } from "./restoring";

describe("snapshots by pg_dump", () => {
  let cluster: FakeCluster;

  beforeEach(async () => {
    cluster = new FakeCluster();
    await cluster.start();
  });

  afterEach(() => cluster.stop());

  it("are checked by two runs at once, and neither ends the other's Job", async () => {
    const { context } = contextOn(cluster, { release: "r".repeat(53) });
    const names = new Set<string>();
    cluster.after = ({ method, path, body }) => {
      if (method !== "POST" || !path.endsWith("/jobs")) return;
      names.add((body as Kept).metadata.name);
      // Both are at work before the first one ends.
      if (names.size === 2) for (const name of names) cluster.endsJob(name, 0, "");
    };
    const prepare = () => new PgDump(pgDump).prepare(context, new Wait(context, "snapshot", 60), false);
    await Promise.all([prepare(), prepare()]);
    assert.equal(names.size, 2);
    for (const name of names) assert.ok(name.length <= 63, name);
    assert.equal(cluster.find("persistentvolumeclaims/bsr-snapshots")?.metadata.name, "bsr-snapshots");
  });
});
