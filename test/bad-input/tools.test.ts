import { strict as assert } from "node:assert";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { checkLedger } from "../../components/bsr-release/ledger/check";
import { run } from "../cli/run";
import { requestFor } from "../component/asking";
import { fakeHelm } from "../component/fake-helm";
import { ApiServer, goodWorld } from "./api-server";
import { helmKinds } from "./kinds/helm";
import { kubeconfigKinds } from "./kinds/kubeconfig";
import { assertActionable, planted } from "./words";

const api = new ApiServer();
let folder: string;
before(async () => {
  await api.start();
  api.world = { ...goodWorld, secrets: [], record: undefined };
  folder = mkdtempSync(join(tmpdir(), "bsr-"));
});
after(async () => {
  await api.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** What the ledger tells before an install; empty where it has a plan. */
async function told(kubeconfig: string): Promise<string> {
  const request = requestFor("1.13.0", { observe: { kubeconfig, masks: [[planted]] } });
  const { failures = [] } = await checkLedger({}, request);
  return failures.map(({ reason }) => reason).join("\n");
}

describe("a bad answer of helm", () => {
  for (const { what, script, told: words } of helmKinds) {
    it(`is ${words === null ? "lived with" : "told"}: ${what}`, async () => {
      const restore = fakeHelm(script);
      try {
        const said = await told(api.kubeconfig(planted));
        if (words === null) assert.equal(said, "");
        else assertActionable(said, words);
      } finally {
        restore();
      }
    });
  }
});

describe("a bad kubeconfig", () => {
  let restore: () => void;
  before(() => {
    restore = fakeHelm();
  });
  after(() => {
    restore();
  });

  for (const { what, text, told: words } of kubeconfigKinds) {
    it(`is told by bsr status and by the ledger: ${what}`, async () => {
      const { server } = (JSON.parse(api.kubeconfig("")) as { clusters: [{ cluster: { server: string } }] })
        .clusters[0].cluster;
      const file = join(folder, "kubeconfig");
      writeFileSync(file, text(server));
      const { status, stderr } = await run(["status", "--kubeconfig", file]);
      assert.equal(status, 1);
      assertActionable(stderr, words);
      assertActionable(await told(file), words);
    });
  }
});
