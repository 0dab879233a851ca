import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInstance, type Instance } from "../../../../sandbox/instance";
import { Stack } from "../../../../sandbox/stack";
import { atLine } from "../../../sandbox/end-to-end/at-line";
import { ByHand } from "../../../sandbox/end-to-end/by-hand";
import { withEdits } from "../../../sandbox/end-to-end/edit-chart";
import { helmHistory, helmValues, record } from "../../../sandbox/end-to-end/helm";
import { hasNoJump, reached } from "../../../sandbox/end-to-end/kills/laws";
import { Mirror } from "../../../sandbox/end-to-end/mirror";

/** Each pod counts only after a while, so that a verification takes longer than somebody's helm upgrade. */
const slow = withEdits([
  "bufd.yaml",
  "  replicas: {{ .Values.bufd.deployment.replicas }}",
  "  minReadySeconds: 20\n  replicas: {{ .Values.bufd.deployment.replicas }}",
]);

/** One instance; each test goes on where the one before stopped. */
describe("a helm upgrade by hand in the middle of a walk stops it, and is not overwritten", function () {
  this.timeout("10m");
  let instance: Instance;
  let byHand: ByHand;
  let stack: Stack;
  let folder: string;
  /** The data migration of 1.7.0 counts as completed only once this file is there. */
  let goOn: string;

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), "bsr-meanwhile-"));
    goOn = join(folder, "go-on");
    instance = await createInstance("meanwhile");
    byHand = new ByHand(instance);
    const mirror = new Mirror(instance);
    for (const version of ["1.6.0", "1.7.0", "1.8.3", "1.10.0"]) await mirror.publish(version);
    await mirror.publish("1.9.1", { editChart: slow });
    const finished = "SELECT 1/count(*) FROM data_migrations WHERE state = 'finished'";
    const check = `test -e ${goOn} && psql -d ${instance.database} -qc "${finished}"`;
    stack = await Stack.create("meanwhile", instance, {
      version: "1.6.0",
      chart: mirror.chart,
      dataMigrations: { check: ["sh", "-c", check], intervalSeconds: 1 },
    });
    await up();
  });

  after(async () => {
    await stack.remove();
    await instance.close();
    rmSync(folder, { recursive: true });
  });

  async function up(): Promise<void> {
    const { ok, text } = await stack.up();
    assert.ok(ok, text);
  }

  /** A walk in which somebody upgrades to the version that is live, at a line of the run; what the run printed. */
  async function upWith(line: RegExp, upgrade: () => Promise<unknown>): Promise<string> {
    const changed = atLine(line, upgrade);
    const { ok, text } = await stack.up({ onLine: changed.onLine });
    await changed.end();
    assert.ok(!ok, text);
    return text;
  }

  /** What was done by hand is what is live, and nothing was deployed after it. */
  async function assertKept(version: string, maxBodySizeBytes: number): Promise<void> {
    const revisions = (await helmHistory(instance)).slice(-2);
    assert.deepEqual(revisions, [`${version} superseded`, `${version} deployed`]);
    const values = (await helmValues(instance))[version] as Record<string, unknown>;
    assert.equal(values["maxBodySizeBytes"], maxBodySizeBytes);
  }

  it("between two hops: the next step refuses, and the next up goes on with the configured values", async () => {
    stack.configure({ version: "1.8.3" });
    // Nothing goes on before the file is there.
    const text = await upWith(/1\.7\.0: data migration not completed/, () =>
      byHand.upgrade("1.7.0", "maxBodySizeBytes=1234567").finally(() => writeFileSync(goOn, "")),
    );
    assert.match(
      text,
      /was changed while the transition ran: found 1\.7\.0 at revision 3, which no transition deployed \(20\S+: Upgrade complete\), wanted 1\.7\.0 as the step before verified it/,
    );
    await assertKept("1.7.0", 1234567);
    assert.equal((await record(instance)).verified.version, "1.7.0");

    const preview = await stack.preview();
    assert.ok(preview.ok, preview.text);
    assert.match(preview.text, /changed-by-hand: No transition deployed 1\.7\.0 at Helm revision 3 /);
    assert.match(preview.text, /differ from those that were verified: maxBodySizeBytes\./);
    await up();
    // Only what is verified may migrate data: the stop is deployed again before it is waited at.
    assert.deepEqual((await helmHistory(instance)).slice(2), [
      "1.7.0 superseded",
      "1.7.0 superseded",
      "1.8.3 deployed",
    ]);
    const values = (await helmValues(instance))["1.8.3"] as Record<string, unknown>;
    assert.equal(values["maxBodySizeBytes"], undefined);
    await reached(instance, "1.8.3", "1.8.3");
    await hasNoJump(instance);
  });

  it("while a hop is verified: the verification refuses, and the choices are to take over or to go back", async () => {
    stack.configure({ version: "1.10.0" });
    const text = await upWith(/1\.9\.1: chart deployed as revision/, () =>
      byHand.upgrade("1.9.1", "maxBodySizeBytes=7654321"),
    );
    assert.match(
      text,
      /revision 7 replaced revision 6 while it was being verified \(1\.9\.1, 20\S+: Upgrade complete\)/,
    );
    await assertKept("1.9.1", 7654321);
    assert.equal((await record(instance)).verified.version, "1.8.3");

    const preview = await stack.preview();
    assert.ok(!preview.ok, preview.text);
    assert.match(
      preview.text,
      /drift\s+found: +1\.9\.1 at Helm revision 7 .* is live, no transition on record deployed it, and 1\.8\.3 at revision 5 /,
    );
    assert.match(preview.text, /Take over what runs: version: 1\.9\.1, then pulumi up/);
    assert.match(preview.text, /Or go back: helm rollback bsr 5 -n \S+, then version: 1\.8\.3/);

    stack.configure({ version: "1.9.1" });
    await up();
    stack.configure({ version: "1.10.0" });
    await up();
    await reached(instance, "1.10.0", "1.10.0");
    await hasNoJump(instance);
  });
});
