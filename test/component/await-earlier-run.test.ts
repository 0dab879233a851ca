import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import { awaitRunBefore } from "../../components/bsr-release/ledger/await-earlier-run";
import { LeaseServer } from "../steps/lease-server";

describe("a run that finds another of the same stack", () => {
  let server: LeaseServer;
  let said: string;

  beforeEach(async () => {
    server = new LeaseServer();
    await server.start();
    said = "";
  });

  afterEach(async () => {
    await server.stop();
  });

  const wait = () =>
    awaitRunBefore(server.connection, { namespace: "bsr", releaseName: "bsr" }, "bsr/prod", (text) => {
      said += text;
    });

  it("waits until that has given the lease back, and names its holder and since when", async () => {
    server.isWrittenBy("stack bsr/prod, run 17 on operator");
    const waited = wait();
    while (said === "") await sleep(5);
    server.isWrittenBy("");
    await waited;
    assert.match(
      said,
      /^release bsr in namespace bsr: stack bsr\/prod, run 17 on operator has held the lease since 20\S+\. It is another run of this stack, .+ has not renewed the lease for 15 s$/,
    );
  });

  it("waits for one that died until its lease has run out, and gives that back", async () => {
    server.isWrittenBy("stack bsr/prod, run 17 on operator", 1);
    await wait();
    assert.equal(server.lease?.spec?.holderIdentity, "");
  });

  for (const [what, holder] of [
    ["the lease is nobody's", ""],
    ["it is another stack's", "stack bsr/production, run 17 on operator"],
  ] as const) {
    it(`does not wait where ${what}`, async () => {
      server.isWrittenBy(holder);
      await wait();
      assert.deepEqual([said, server.lease?.spec?.holderIdentity], ["", holder]);
    });
  }
});
