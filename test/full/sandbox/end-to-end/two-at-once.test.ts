import assert from "node:assert/strict";
import { cpSync, existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { sandboxEnv } from "../../../../sandbox/env";
import { createInstance, type Instance } from "../../../../sandbox/instance";
import { Stack, type Run } from "../../../../sandbox/stack";
import { atLine } from "../../../sandbox/end-to-end/at-line";
import { helmHistory, record } from "../../../sandbox/end-to-end/helm";
import { ByHand } from "../../../sandbox/end-to-end/by-hand";

/** A helm whose upgrade always finds that somebody's has just begun. */
function quickerHelm({ namespace, env }: Instance, version: string): string {
  const helm = (env["PATH"] ?? "")
    .split(delimiter)
    .map((folder) => join(folder, "helm"))
    .find((path) => existsSync(path));
  return `#!/bin/sh
if [ "$1" = upgrade ]; then
  # In a session of its own, as the step's end ends what it has started.
  setsid '${helm}' upgrade bsr '${env["BSR_SANDBOX_CHART"]}' --version ${version} --reuse-values -n ${namespace} >/dev/null 2>&1 &
  until '${helm}' status bsr -n ${namespace} | grep -q pending; do sleep 0.05; done
fi
exec '${helm}' "$@"
`;
}

/** A backend with a copy of a stack's state, as a second checkout of it or a backup would be. */
function copyOfState({ name }: Stack): string {
  const backend = (sandboxEnv()["PULUMI_BACKEND_URL"] ?? "").replace(/^file:\/\//, "");
  const copy = mkdtempSync(join(tmpdir(), "bsr-backend-"));
  for (const file of ["meta.yaml", join("stacks", "bsr", `${name}.json`)])
    cpSync(join(backend, ".pulumi", file), join(copy, ".pulumi", file));
  return copy;
}

describe("two at once", function () {
  this.timeout("10m");
  let instance: Instance;
  let stack: Stack;
  let byHand: ByHand;

  before(async () => {
    instance = await createInstance("two");
    byHand = new ByHand(instance);
    stack = await Stack.create("two", instance, { version: "1.1.0" });
    const installed = await stack.up();
    assert.ok(installed.ok, installed.text);
  });

  after(async () => {
    await stack.remove();
    await instance.close();
  });

  it("two stacks with the same instance: one walks to its end, the other is told who, and finds the truth", async () => {
    const twin = await stack.twin();
    try {
      for (const one of [stack, twin]) one.configure({ version: "1.4.1" });
      const second: { run?: Run } = {};
      const begun = atLine(/1\.2\.0: helm upgrade to/, async () => (second.run = await twin.up()));
      const first = await stack.up({ onLine: begun.onLine });
      await begun.end();
      assert.ok(second.run !== undefined);
      assert.ok(first.ok, first.text);
      assert.ok(!second.run.ok, second.run.text);
      assert.match(
        second.run.text,
        /another run works on release bsr: lease bsr-transition is held by stack \S+, run \d+ on \S+ since 20\S+, and runs out at 20|was changed while the transition ran: found 1\.\d\.\d at revision \d+, which stack \S+ began at 20/,
      );
      assert.deepEqual(await helmHistory(instance), [
        "1.1.0 superseded",
        "1.2.0 superseded",
        "1.3.1 superseded",
        "1.4.1 deployed",
      ]);

      const again = await twin.up();
      assert.ok(again.ok, again.text);
      assert.equal((await record(instance)).verified.version, "1.4.1");
      assert.equal((await helmHistory(instance)).at(-1), "1.4.1 deployed");
    } finally {
      await twin.remove();
    }
  });

  it("a stack that never installed the release is refused, whatever happens at that moment", async () => {
    const stranger = await Stack.create("stranger", instance, { version: "1.4.1" });
    try {
      const up = await stranger.up();
      assert.ok(!up.ok);
      assert.match(up.text, /release-not-owned/);
    } finally {
      await stranger.remove();
    }
  });

  it("a preview in the middle says who walks and since when, and disturbs nothing", async () => {
    stack.configure({ version: "1.6.0" });
    const before = (await helmHistory(instance)).length;
    const seen: { preview?: Run } = {};
    const pods = atLine(/1\.5\.1: helm upgrade to/, async () => (seen.preview = await stack.preview()));
    const up = await stack.up({ onLine: pods.onLine });
    await pods.end();
    assert.ok(up.ok, up.text);
    assert.match(
      seen.preview?.text ?? "",
      /under way: stack \S+, run \d+ on \S+ has held the lease since 20\S+, until 20\S+ unless it is renewed\. (It is at 1\.|What)/,
    );
    assert.equal((await helmHistory(instance)).length, before + 2);
  });

  it("a helm upgrade by hand while ours runs is refused by Helm, and the walk goes on", async () => {
    stack.configure({ version: "1.8.3", dataMigrations: { completed: ["1.7.0"] } });
    const said: { reason?: string } = {};
    const tried = atLine(/1\.7\.0: helm upgrade to/, async () => {
      while (!(await helmHistory(instance)).at(-1)?.includes("pending")) await sleep(50);
      await byHand.upgrade("1.6.0").catch((error: unknown) => (said.reason = String(error)));
    });
    const up = await stack.up({ onLine: tried.onLine });
    await tried.end();
    assert.match(
      said.reason ?? "it was not refused",
      /another operation \(install\/upgrade\/rollback\) is in progress/,
    );
    assert.ok(up.ok, up.text);
    assert.deepEqual((await helmHistory(instance)).slice(-2), ["1.7.0 superseded", "1.8.3 deployed"]);
  });

  it("a helm upgrade by hand that is quicker than ours is let go on, and ours tells so", async () => {
    stack.configure({ version: "1.10.0" });
    const before = (await helmHistory(instance)).length;
    const folder = mkdtempSync(join(tmpdir(), "bsr-helm-"));
    try {
      writeFileSync(join(folder, "helm"), quickerHelm(instance, "1.8.3"), { mode: 0o755 });
      const PATH = `${folder}${delimiter}${instance.env["PATH"]}`;
      const up = await stack.up({ env: { PATH } });
      assert.ok(!up.ok);
      assert.match(up.text, /1\.9\.1 was not deployed: another Helm operation began at the same moment/);
    } finally {
      rmSync(folder, { recursive: true });
    }
    await byHand.run(
      `kubectl wait secret -l owner=helm,version=${before + 1} --for=jsonpath={.metadata.labels.status}=deployed --timeout=2m -n ${instance.namespace}`,
    );
    assert.deepEqual((await helmHistory(instance)).slice(before), ["1.8.3 deployed"]);
    const { attempts } = await record(instance);
    assert.ok(!attempts.some(({ version }) => version === "1.9.1"), JSON.stringify(attempts));
    const preview = await stack.preview();
    assert.match(preview.text, /changed-by-hand: No transition deployed 1\.8\.3 at Helm revision/);
    const end = await stack.up();
    assert.ok(end.ok, end.text);
    assert.equal((await helmHistory(instance)).at(-1), "1.10.0 deployed");
  });

  it("the same stack from a copy of its state waits for the other run, says whose it is, and finds the truth", async () => {
    stack.configure({ version: "1.12.1" });
    const backend = copyOfState(stack);
    try {
      const second: { run?: Run } = {};
      const begun = atLine(
        /1\.11\.0: helm upgrade to/,
        async () => (second.run = await stack.up({ env: { PULUMI_BACKEND_URL: `file://${backend}` } })),
      );
      const first = await stack.up({ onLine: begun.onLine });
      await begun.end();
      assert.ok(second.run !== undefined);
      assert.ok(first.ok, first.text);
      assert.ok(second.run.ok, second.run.text);
      assert.match(
        second.run.text,
        /stack \S+, run \d+ on \S+ has held the lease since 20\S+\. It is another run of this stack/,
      );
      const versions = (await helmHistory(instance)).map((revision) => revision.split(" ")[0]);
      const walked = versions.slice(versions.lastIndexOf("1.10.0"));
      assert.deepEqual([...new Set(walked)], ["1.10.0", "1.11.0", "1.12.1"]);
      assert.equal((await record(instance)).verified.version, "1.12.1");
      const again = await stack.up();
      assert.ok(again.ok, again.text);
    } finally {
      rmSync(backend, { recursive: true });
    }
  });
});
