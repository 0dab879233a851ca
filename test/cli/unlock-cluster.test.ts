import assert from "node:assert/strict";
import type { V1Lease } from "@kubernetes/client-node";
import { unlock } from "../../cli/unlock/unlock";
import { ApiServer, goodWorld, helmSecret, payload, stored } from "../bad-input/api-server";

describe("bsr unlock at a cluster", () => {
  const server = new ApiServer();
  before(() => server.start());
  after(() => server.stop());

  /** What it says of a release whose only revision has a status. */
  async function said(status: string, lease?: V1Lease): Promise<string> {
    const release = stored(JSON.stringify({ ...payload(), info: { status } }));
    server.world = { ...goodWorld, secrets: [helmSecret(release, 1, status)], lease };
    const place = {
      namespace: "bsr",
      release: "bsr",
      kubeconfig: server.kubeconfig("token"),
    };
    return (await unlock({ ...place, revision: 1 })).text;
  }

  for (const [status, end] of [
    ["pending-upgrade", "counts as failed now"],
    ["pending-rollback", "counts as failed now"],
    ["pending-install", "is removed from Helm's history"],
  ]) {
    it(`says what became of a revision that was ${status}`, async () => {
      assert.equal(await said(status ?? ""), `revision 1 (1.12.1) was ${status} and ${end}; run pulumi up\n`);
    });
  }

  it("refuses an uninstall that broke off, and says how to finish it", async () => {
    assert.match(
      await said("uninstalling"),
      /Helm has revision 1 \(1\.12\.1\) as uninstalling .*\n.*\n {2}remedy: if the uninstall broke off, finish it: helm uninstall bsr -n bsr, then pulumi up --refresh/,
    );
  });

  it("refuses while a run holds the lease, and says when that runs out", async () => {
    const renewTime = new Date().toISOString() as unknown as Date;
    const spec = {
      holderIdentity: "stack bsr/prod, run 17 on operator",
      renewTime,
      leaseDurationSeconds: 60,
    };
    const text = await said("pending-upgrade", { metadata: { name: "bsr-transition" }, spec });
    const runsOut = new Date(Date.parse(String(renewTime)) + 60_000).toISOString();
    assert.match(text, /found: {2}stack bsr\/prod, run 17 on operator has been working on release bsr since/);
    assert.ok(text.includes(`remedy: wait for it; if it died, its lease runs out at ${runsOut}\n`), text);
  });
});
