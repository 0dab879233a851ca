import assert from "node:assert/strict";
import { CoreV1Api, KubeConfig } from "@kubernetes/client-node";
import { randomBytes } from "node:crypto";
import {
  holdLease,
  LeaseHeldError,
  LeaseWatch,
  readLease,
} from "../../../components/migrations/cluster/run/lease";
import { sandboxEnv } from "../../../sandbox/env";

describe("the lease of an instance", function () {
  this.timeout("1m");
  const namespace = `lease-${randomBytes(3).toString("hex")}`;
  const config = new KubeConfig();

  before(async () => {
    config.loadFromFile(sandboxEnv()["KUBECONFIG"] ?? "");
    await config.makeApiClient(CoreV1Api).createNamespace({ body: { metadata: { name: namespace } } });
  });

  after(async () => {
    await config.makeApiClient(CoreV1Api).deleteNamespace({ name: namespace });
  });

  const hold = (holder: string, watch?: LeaseWatch) =>
    holdLease({ kubeconfig: sandboxEnv()["KUBECONFIG"] }, namespace, "bsr", holder, watch);

  it("is free before anybody took it", async () => {
    assert.equal(await readLease(config, namespace, "bsr"), null);
  });

  it("is refused to another run while it is held, with the name of its holder", async () => {
    const began = Date.now();
    const held = await hold("run 1");
    const seen = await readLease(config, namespace, "bsr");
    assert.equal(seen?.holder, "run 1");
    assert.ok(
      seen.since.getTime() >= began - 1000 && seen.runsOut.getTime() > Date.now(),
      JSON.stringify(seen),
    );
    await assert.rejects(hold("run 2"), (error: unknown) => {
      assert.ok(error instanceof LeaseHeldError, String(error));
      assert.match(
        error.message,
        /^lease bsr-transition is held by run 1 since 20\S+, and runs out at 20\S+ unless it is renewed$/,
      );
      return true;
    });
    await held.release();
  });

  it("is kept for the same holder when it is handed over, since when it was first taken", async () => {
    const first = await hold("run 1");
    const since = (await readLease(config, namespace, "bsr"))?.since;
    await first.handOver();
    await assert.rejects(hold("run 2"), LeaseHeldError);
    const second = await hold("run 1");
    assert.deepEqual((await readLease(config, namespace, "bsr"))?.since, since);
    await second.release();
  });

  it("is free again when its holder gave it back", async () => {
    assert.equal(await readLease(config, namespace, "bsr"), null);
    const held = await hold("run 2");
    await held.release();
  });

  it("is free again when its holder died and let it run out", async () => {
    const dead = await hold("run 3");
    let seconds = 0;
    const watch = new LeaseWatch(() => seconds * 1000);
    await assert.rejects(hold("run 4", watch), LeaseHeldError);
    seconds = 16;
    const held = await hold("run 4", watch);
    assert.equal((await readLease(config, namespace, "bsr"))?.holder, "run 4");
    await held.release();
    await dead.release();
  });
});
