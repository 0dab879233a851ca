import assert from "node:assert/strict";
import { mock } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { holdLease, LeaseHeldError, LeaseWatch } from "../../components/migrations/cluster/run/lease";
import { LeaseServer } from "./lease-server";

describe("the lease of an instance", () => {
  let server: LeaseServer;

  beforeEach(async () => {
    server = new LeaseServer();
    await server.start();
    mock.timers.enable({ apis: ["setInterval"] });
  });

  afterEach(async () => {
    mock.timers.reset();
    await server.stop();
  });

  const hold = (holder: string, watch?: LeaseWatch) =>
    holdLease(server.connection, "bsr", "bsr", holder, watch);
  const holder = () => server.lease?.spec?.holderIdentity;

  async function until(isSo: () => boolean): Promise<void> {
    while (!isSo()) await sleep(5);
  }

  /** Five seconds go by, and a renewal that they begin is made. */
  async function renews(): Promise<void> {
    const { writes } = server;
    mock.timers.tick(5000);
    await until(() => server.writes > writes);
  }

  /** Whether a lease was lost by now. */
  function isLost(lost: Promise<string>): Promise<boolean> {
    return Promise.race([lost.then(() => true), sleep(50).then(() => false)]);
  }

  it("is not lost where a renewal takes longer than until the next one", async () => {
    const held = await hold("run 1");
    server.fates.push("late");
    await renews();
    for (let ticks = 0; ticks < 4; ticks++) mock.timers.tick(5000);
    await sleep(50);
    assert.deepEqual([server.mostAtOnce, server.writes], [1, 2]);
    server.answersLate();
    await sleep(50);
    await renews();
    assert.equal(await isLost(held.lost), false);
    await held.release();
    assert.equal(holder(), "");
  });

  for (const [what, then] of [
    ["renewed again", async () => renews()],
    ["handed over", async (held) => held.handOver()],
    ["given back", async (held) => held.release()],
  ] as [string, (held: Awaited<ReturnType<typeof hold>>) => Promise<void>][]) {
    it(`is ${what} where the answer to a renewal got lost`, async () => {
      const held = await hold("run 1");
      server.fates.push("answer lost");
      await renews();
      await sleep(50);
      const { writes } = server;
      await then(held);
      assert.equal(server.writes, writes + 1);
      assert.equal(await isLost(held.lost), false);
      assert.equal(holder(), what === "given back" ? "" : "run 1");
    });
  }

  it("is lost where another run has taken it, who is named, and is left to that one", async () => {
    const held = await hold("run 1");
    server.isWrittenBy("run 2");
    mock.timers.tick(5000);
    assert.equal(await held.lost, "lease bsr-transition was taken by another run: run 2");
    const { writes } = server;
    for (let ticks = 0; ticks < 4; ticks++) mock.timers.tick(5000);
    await held.handOver();
    await held.release();
    assert.deepEqual([holder(), server.writes], ["run 2", writes]);
  });

  it("is handed over for as long as is said", async () => {
    const held = await hold("run 1");
    await held.handOver(60);
    assert.equal(server.lease?.spec?.leaseDurationSeconds, 60);
    const next = await hold("run 1");
    assert.equal(server.lease.spec.leaseDurationSeconds, 15);
    await next.release();
  });

  for (const [what, minutes] of [
    ["an hour behind", -60],
    ["right", 0],
    ["an hour ahead", 60],
  ] as const) {
    it(`runs out when it was not renewed for its time, where the clock of its holder is ${what}`, async () => {
      let seconds = 0;
      const watch = new LeaseWatch(() => seconds * 1000);
      const written = (at: number) => new Date(Date.now() + minutes * 60_000 + at * 1000);
      server.isWrittenBy("run 1", 15, written(0));
      await assert.rejects(hold("run 2", watch), LeaseHeldError);
      seconds = 14;
      server.isWrittenBy("run 1", 15, written(14));
      await assert.rejects(hold("run 2", watch), LeaseHeldError);
      seconds = 29;
      await assert.rejects(hold("run 2", watch), LeaseHeldError);
      seconds = 30;
      await hold("run 2", watch);
      assert.equal(holder(), "run 2");
    });
  }
});
