import { strict as assert } from "node:assert";
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { checkLedger } from "../../components/bsr-release/ledger/check";
import { connect, reasonOf } from "../../components/migrations/cluster/connection";
import { readRecord, updateRecord } from "../../components/migrations/cluster/record/record";
import { readStatusPage } from "../../components/migrations/cluster/pods/status-page";
import { run } from "../cli/run";
import { requestFor } from "../component/asking";
import { fakeHelm } from "../component/fake-helm";
import { ApiServer, goodRecord, goodWorld, instance } from "./api-server";
import { historyKinds, pageKinds, statusKinds } from "./kinds/cluster";
import { assertActionable, planted } from "./words";

/** The product's own clients, asked by real HTTP of a cluster that answers what it should not. */
describe("a bad answer of the cluster", () => {
  const api = new ApiServer();
  let folder: string;
  let file: string;
  let restoreHelm: () => void;
  before(async () => {
    await api.start();
    restoreHelm = fakeHelm();
    folder = mkdtempSync(join(tmpdir(), "bsr-"));
    file = join(folder, "kubeconfig");
    writeFileSync(file, api.kubeconfig(planted));
  });
  after(async () => {
    await api.stop();
    restoreHelm();
    rmSync(folder, { recursive: true, force: true });
  });
  afterEach(() => {
    api.world = goodWorld;
  });

  for (const { what, world, told } of [...historyKinds, ...statusKinds]) {
    it(`is ${told === null ? "lived with" : "told"} by bsr status: ${what}`, async () => {
      api.world = world;
      const { status, stdout, stderr } = await run(["status", "--kubeconfig", file]);
      if (told === null) {
        assert.ok([0, 4, 5].includes(status), stderr);
        assertActionable(stdout, "bsr");
      } else {
        assert.equal(status, 1, stdout);
        assertActionable(stderr, told);
        assert.match(stderr, /\n {2}found: .+\n {2}wanted: .+\n {2}remedy: .+\n$/);
      }
    });
  }

  for (const { what, world, told } of historyKinds) {
    it(`is ${told === null ? "lived with" : "told"} by bsr history: ${what}`, async () => {
      api.world = world;
      const { status, stdout, stderr } = await run(["history", "--kubeconfig", file]);
      assert.equal(status, told === null ? 0 : 1, stderr);
      assertActionable(told === null ? stdout : stderr, told ?? "Release bsr in namespace bsr");
    });
  }

  // It reads as bsr status does, and asks helm as well: every fourth is enough to see how it tells.
  for (const { what, world, told } of historyKinds.filter((_, index) => index % 4 === 0)) {
    it(`is ${told === null ? "lived with" : "told"} by the ledger: ${what}`, async () => {
      api.world = world;
      const request = requestFor("1.13.0", {
        observe: { kubeconfig: api.kubeconfig(planted) },
      });
      const { failures = [] } = await checkLedger({}, request);
      const said = failures.map(({ reason }) => reason).join("\n");
      // The good cluster of these tests has a release that the stack does not know.
      if (told === null) assertActionable(said, "release-not-owned");
      else {
        assertActionable(said, told);
        assert.match(
          said,
          /The cluster could not be read: .+ Nothing was changed\. .+ run pulumi up again\./,
        );
      }
    });
  }

  for (const { what, page, told } of pageKinds) {
    it(`is told of a status page: ${what}`, async () => {
      api.world = { ...goodWorld, page };
      const cluster = connect({ kubeconfig: api.kubeconfig(planted) }, 500);
      const error: unknown = await readStatusPage(cluster, "bsr", "bufd-1").then(
        () => assert.fail("it was read"),
        (reason: unknown) => reason,
      );
      assertActionable(reasonOf(error), told);
    });
  }

  it("makes no number of what no database has", async () => {
    const results = [
      { name: "migrations", status: "healthy", message: `current: ${"9".repeat(30)}, target: 1` },
    ];
    api.world = { ...goodWorld, page: JSON.stringify({ overall_status: "healthy", results }) };
    const page = await readStatusPage(connect({ kubeconfig: api.kubeconfig(planted) }), "bsr", "bufd-1");
    assert.equal(page.migrations, null);
  });

  it("loses nothing of a record that a newer version of the package has added to", async () => {
    const record = { ...goodRecord, colour: "red" };
    api.world = { ...goodWorld, record: JSON.stringify(record) };
    const cluster = connect({ kubeconfig: api.kubeconfig(planted) });
    assert.deepEqual(await readRecord(cluster, instance), record);
    assert.deepEqual(await updateRecord(cluster, instance, (stored) => ({ ...stored, transition: 2 })), {
      ...record,
      transition: 2,
    });
  });

  it("is told by a step, with what is left and what to do", async () => {
    api.world = { ...goodWorld, record: JSON.stringify({ ...goodRecord, format: 2 }) };
    const setting = {
      ...{
        kubeconfig: api.kubeconfig(planted),
        namespace: "bsr",
        release: "bsr",
        chart: "oci://example.com/bsr",
      },
      ...{
        database: instance.database,
        method: null,
        highWaterMark: null,
        schemaOwner: null,
        stack: "bsr/test",
      },
      ...{ transition: 1, lineage: 1, deploys: 1, secrets: [], secretKeys: [] },
    };
    const expectation = { version: "1.12.1", schemaVersion: 299, statusPage: true, keepsSchema: false };
    const step = {
      kind: "verify",
      ...expectation,
      maintenance: false,
      acceptUnhealthy: [],
      timeoutSeconds: 60,
    };
    const program = [
      "-r",
      "ts-node/register/transpile-only",
      "components/migrations/steps/main.ts",
      "verify 1.12.1",
    ];
    const child = spawn(process.execPath, program, { stdio: ["pipe", "ignore", "pipe"] });
    child.stdin.end(JSON.stringify({ setting, step }));
    const said = await text(child.stderr);
    assertActionable(said, "has the format 2; wanted: the format 1");
    assert.match(said, /\n {2}left: .+\n {2}do: {3}use the version of the package that wrote it/);
  });

  it("ends no lock of a revision that cannot be read", async () => {
    for (const { world, told } of historyKinds.filter(({ what }) => what.startsWith("a Helm Secret that"))) {
      api.world = world;
      const { status, stderr } = await run(["unlock", "--revision", "1", "--kubeconfig", file]);
      assert.equal(status, 1);
      assertActionable(stderr, told ?? "");
    }
  });
});
