import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import type { PulumiFn } from "@pulumi/pulumi/automation";
import { writeChart } from "../../../sandbox/plugins/chart";
import { isEncrypted, sh, TestStack, whichPlugin, type Run } from "../../../sandbox/plugins/stack";

/** One release through its life: each part goes on from what the part before it left. */
describe("the Kubernetes plugin: a Release", function () {
  this.timeout(60_000);
  const namespace = `plugin-${randomBytes(3).toString("hex")}`;
  const name = "tiny";
  let stack: TestStack;

  before(async () => {
    console.log(`      on the ${whichPlugin("kubernetes")}`);
    stack = await TestStack.open("release");
    writeChart(join(stack.folder, "chart"), "1.0.0");
    writeFileSync(join(stack.folder, "file.yaml"), "a: file\nfromFile: {x: 1}\n");
  });
  after(() => {
    sh("kubectl", "delete", "namespace", namespace, "--ignore-not-found", "--wait=false");
    stack.close();
  });

  const base: k8s.helm.v3.ReleaseArgs = { name, namespace, chart: "./chart", skipAwait: true };
  let known: Record<string, unknown> = {};
  const release =
    (args: Partial<k8s.helm.v3.ReleaseArgs> = {}): PulumiFn =>
    () => {
      const made = new k8s.helm.v3.Release("release", { ...base, ...args });
      for (const key of ["version", "values", "status", "resourceNames"] as const) {
        (made[key] as pulumi.Output<unknown>).apply((value) => (known[key] = value));
      }
      return Promise.resolve();
    };
  const helm = (...args: string[]) =>
    JSON.parse(sh("helm", ...args, "--namespace", namespace, "--output", "json")) as unknown;
  const history = () =>
    helm("history", name) as { revision: number; status: string; chart: string; description: string }[];
  const last = () => history().at(-1);
  const state = () => stack.entry("release") ?? assert.fail("the release is not in the state");
  /** What is stored, without what is encrypted anew each time. */
  const shown = () => ({ inputs: state().inputs, outputs: { ...state().outputs, __inputs: undefined } });
  const status = () => state().outputs.status as Record<string, unknown>;
  const ok = async (run: Promise<Run>) => {
    const done = await run;
    assert.equal(done.failed, "");
    return done;
  };

  const installed = {
    createNamespace: true,
    description: "as installed",
    valueYamlFiles: [new pulumi.asset.FileAsset("./file.yaml")],
    values: { a: "program", nested: { b: 1 }, token: pulumi.secret("t0ken") },
  };

  describe("a preview of an install", () => {
    it("knows the version of the chart and the values, not the status, and installs nothing", async () => {
      known = {};
      const run = await ok(stack.preview(release(installed)));
      assert.equal(run.steps.release, "create");
      assert.equal(known.version, "1.0.0");
      assert.deepEqual(known.values, { a: "program", nested: { b: 1 }, token: "t0ken", fromFile: { x: 1 } });
      assert.deepEqual(["status" in known, "resourceNames" in known], [false, false]);
      assert.equal(sh("kubectl", "get", "namespace", namespace, "--ignore-not-found"), "");
    });

    it("refuses a chart that cannot be had", async () => {
      const { failed } = await stack.preview(release({ chart: "./no-chart" }));
      assert.match(
        failed,
        /property chart value \{\.\/no-chart\} has a problem: path "\.\/no-chart" not found; check the chart name and repository configuration\./,
      );
      const oci = await stack.preview(
        release({ chart: `oci://${process.env.BSR_SANDBOX_REGISTRY}/charts/none`, version: "1.0.0" }),
      );
      assert.match(
        oci.failed,
        /property chart value \{oci:\/\/[^ ]*\} has a problem: .*not found; check the chart name/,
      );
    });

    it("looks for no chart while anything is unknown", async () => {
      known = {};
      const run = await stack.preview(() => {
        const unknown = new k8s.helm.v3.Release("unknown", { ...base, name: "other", chart: "./chart" })
          .status.status;
        return release({ chart: "./no-chart", version: "7.7.7", values: { unknown, b: 1 } })();
      });
      assert.equal(run.failed, "");
      assert.equal(known.version, "7.7.7");
    });
  });

  describe("an install", () => {
    it("makes the namespace, merges files and values, and tells what it deployed", async () => {
      await ok(stack.up(release(installed)));
      assert.deepEqual(helm("get", "values", name), {
        a: "program",
        nested: { b: 1 },
        token: "t0ken",
        fromFile: { x: 1 },
      });
      assert.deepEqual([last()?.status, last()?.description], ["deployed", "as installed"]);
      assert.equal(state().id, `${namespace}/${name}`);
      assert.deepEqual(status(), {
        appVersion: "app-1.0.0",
        chart: "tiny",
        name,
        namespace,
        revision: 1,
        status: "deployed",
        version: "1.0.0",
      });
      assert.deepEqual(state().outputs.resourceNames, { "ConfigMap/v1": [name] });
      assert.equal(state().inputs.version, "1.0.0", "the version of Chart.yaml");
    });

    it("keeps a secret value secret in the state, wherever it is in the values", () => {
      assert.doesNotMatch(stack.stateText(), /t0ken/);
      for (const { values } of [state().inputs, state().outputs] as { values: Record<string, unknown> }[]) {
        assert.deepEqual([isEncrypted(values.token), values.a], [true, "program"]);
      }
    });

    it("is done once: a preview after it is empty", async () => {
      known = {};
      assert.equal((await ok(stack.preview(release(installed)))).steps.release, "same");
      assert.equal((known.status as { revision: number }).revision, 1);
    });

    it("fails where the name is in use, and is not in the state then", async () => {
      const run = await stack.up(() => {
        new k8s.helm.v3.Release("twin", base);
        return release(installed)();
      });
      assert.match(run.failed, /cannot re-use a name that is still in use/);
      assert.equal(stack.entry("twin"), undefined);
      assert.equal(last()?.revision, 1);
    });
  });

  const upgraded = { description: "as upgraded", values: { a: "new", list: [{ x: 1, y: 2 }, 2] } };

  describe("an upgrade", () => {
    it("is an update in the preview, property by property, with status and names unknown", async () => {
      writeChart(join(stack.folder, "chart"), "1.1.0");
      known = {};
      const run = await ok(stack.preview(release(upgraded)));
      assert.equal(run.steps.release, "update");
      assert.deepEqual(run.diffs.release, {
        createNamespace: "update",
        description: "update",
        version: "update",
        "values.a": "update",
        "values.fromFile": "delete",
        "values.list": "add",
        "values.nested": "delete",
        "values.token": "delete",
      });
      assert.equal(known.version, "1.1.0");
      assert.deepEqual(["status" in known, "resourceNames" in known], [false, false]);
    });

    it("makes the next revision, with the new values and no others", async () => {
      await ok(stack.up(release(upgraded)));
      assert.deepEqual(helm("get", "values", name), { a: "new", list: [{ x: 1, y: 2 }, 2] });
      assert.deepEqual(
        [last()?.revision, last()?.chart, last()?.description],
        [2, "tiny-1.1.0", "as upgraded"],
      );
      assert.deepEqual([status().revision, status().version], [2, "1.1.0"]);
    });

    it("keeps all revisions, or as many as maxHistory says", async () => {
      for (let i = 0; i < 9; i++) {
        sh(
          "helm",
          "upgrade",
          name,
          join(stack.folder, "chart"),
          "--namespace",
          namespace,
          "--reuse-values",
          "--history-max",
          "0",
        );
      }
      await ok(stack.up(release({ ...upgraded, description: "all" })));
      assert.equal(history().length, 12);
      await ok(stack.up(release({ ...upgraded, maxHistory: 3 })));
      assert.equal(history().length, 3);
    });

    it("replaces for another name only, the new release before the old one goes", async () => {
      const run = await ok(stack.preview(release({ ...upgraded, maxHistory: 3, name: "renamed" })));
      assert.equal(run.steps.release, "replace");
      assert.deepEqual(run.diffs.release, { name: "update-replace" });
    });
  });

  describe("a change by hand", () => {
    it("shows after a refresh, except for values that the program never had", async () => {
      const program = release({ ...upgraded, maxHistory: 3 });
      sh(
        "helm",
        "upgrade",
        name,
        join(stack.folder, "chart"),
        "--namespace",
        namespace,
        "--set",
        "a=hand,extra=1",
      );
      assert.equal((await ok(stack.preview(program))).steps.release, "same");
      await ok(stack.refresh());
      assert.deepEqual(state().outputs.values, { a: "hand", extra: 1, list: [{ x: 1, y: 2 }, 2] });
      assert.deepEqual((await ok(stack.preview(program))).diffs.release, { "values.a": "update" });
      await ok(stack.up(program));
      assert.deepEqual(helm("get", "values", name), upgraded.values);
    });

    it("is a release made anew where it was uninstalled, once a refresh has seen that", async () => {
      sh("helm", "uninstall", name, "--namespace", namespace, "--wait");
      const program = release({ ...upgraded, maxHistory: 3, description: "again" });
      assert.match((await stack.up(program)).failed, /"tiny" has no deployed releases/);
      const run = await ok(stack.up(program, { refresh: true }));
      assert.equal(run.steps.release, "create");
      assert.equal(last()?.revision, 1);
    });
  });

  describe("a failed upgrade", () => {
    const failing = release({ ...upgraded, values: { wrong: true } });

    it("that left a revision is in the state with its new inputs and an error", async () => {
      writeChart(join(stack.folder, "chart"), "1.2.0");
      const run = await stack.up(failing);
      assert.match(
        run.failed,
        new RegExp(
          `Helm release "${namespace}/tiny" failed to initialize completely\\. Use Helm CLI to investigate: ` +
            `failed to become available within allocated timeout\\. Error: Helm Release ${namespace}/tiny: `,
        ),
      );
      assert.deepEqual([last()?.revision, last()?.status], [2, "failed"]);
      assert.deepEqual([status().revision, status().status, status().version], [2, "failed", "1.2.0"]);
      assert.deepEqual(state().outputs.values, { wrong: true });
      assert.equal(state().initErrors?.length, 1);
    });

    it("is tried again in the next up, even where nothing changed", async () => {
      const run = await stack.up(failing);
      assert.equal(run.steps.release, "update");
      assert.equal(last()?.revision, 3);
    });

    it("is forgotten by a refresh: unchanged, while Helm says failed", async () => {
      await ok(stack.refresh());
      assert.equal(state().initErrors, undefined);
      assert.equal((await ok(stack.up(failing))).steps.release, "same");
      assert.deepEqual([last()?.revision, last()?.status], [3, "failed"]);
    });

    it("that left none changes nothing in the state", async () => {
      const before = shown();
      const run = await stack.up(release({ ...upgraded, values: { refuse: true } }));
      assert.match(run.failed, /refused by the chart/);
      assert.deepEqual(shown(), before);
      assert.equal(last()?.revision, 3);
    });

    it("because another operation is in progress changes nothing in the state either", async () => {
      const before = shown();
      await leavePending();
      const run = await stack.up(release(upgraded));
      assert.match(run.failed, /another operation \(install\/upgrade\/rollback\) is in progress/);
      assert.deepEqual(shown(), before);
      sh("kubectl", "delete", "secret", "--namespace", namespace, "sh.helm.release.v1.tiny.v4");
      await ok(stack.up(release(upgraded)));
      assert.deepEqual([last()?.revision, last()?.status], [4, "deployed"]);
    });

    it("is one whose pods are not ready within the timeout; without waiting it is none", async () => {
      const never = { ...upgraded, values: { never: true }, timeout: 2 };
      await ok(stack.up(release(never)));
      const run = await stack.up(release({ ...never, skipAwait: false }));
      assert.match(run.failed, /Helm Release .*\/tiny: context deadline exceeded/);
      assert.equal(status().status, "failed");
    });

    it("is one that was cancelled: failed at once in Helm and in the state", async () => {
      const cancel = new AbortController();
      const args = { ...upgraded, values: { never: true }, timeout: 60, skipAwait: false };
      const running = stack.up(release(args), { signal: cancel.signal });
      while (last()?.status !== "pending-upgrade") await sleep(200);
      const at = Date.now();
      cancel.abort();
      assert.match((await running).failed, /Helm Release .*\/tiny: .*cancel/);
      assert.ok(Date.now() - at < 15_000, "nobody waited for the timeout");
      assert.deepEqual([last()?.status, status().status], ["failed", "failed"]);
    });
  });

  describe("the end", () => {
    it("uninstalls the release and leaves the namespace", async () => {
      await ok(stack.destroy());
      assert.deepEqual(helm("list", "--all"), []);
      assert.equal(
        sh("kubectl", "get", "namespace", namespace, "--output", "jsonpath={.status.phase}"),
        "Active",
      );
    });

    it("may be a failed install, which is kept in the state, failed, and ends in a destroy", async () => {
      const run = await stack.up(release({ values: { wrong: true } }));
      assert.match(
        run.failed,
        /Helm release "[^"]*\/tiny" was created, but failed to initialize completely\./,
      );
      assert.match(run.printed, /warning: Helm release "tiny" was created but has a failed status\./);
      assert.deepEqual([status().status, status().revision, state().initErrors?.length], ["failed", 1, 1]);
      await ok(stack.destroy());
      assert.deepEqual(helm("list", "--all"), []);
    });
  });

  describe("an import", () => {
    it("takes a release by namespace and name, with its live values", async () => {
      const chart = join(stack.folder, "tiny");
      writeChart(chart, "1.2.0");
      sh("helm", "install", name, chart, "--namespace", namespace, "--set", "a=hand");
      const run = await stack.up(() => {
        const args = { ...base, chart: "tiny", values: { a: "hand" }, timeout: 0, skipAwait: false };
        new k8s.helm.v3.Release("release", args, { import: `${namespace}/${name}` });
        return Promise.resolve();
      });
      assert.equal(run.failed, "");
      assert.equal(state().id, `${namespace}/${name}`);
      assert.deepEqual([state().outputs.values, status().revision], [{ a: "hand" }, 1]);
      assert.equal(last()?.revision, 1);
      await ok(stack.destroy());
    });
  });

  /** Leaves the release as a runner does that died in the middle of an upgrade. */
  async function leavePending(): Promise<void> {
    const chart = join(stack.folder, "chart");
    const args = ["upgrade", name, chart, "--namespace", namespace, "--set", "never=true", "--wait"];
    const upgrade = spawn("helm", args, { stdio: "ignore" });
    while (last()?.status !== "pending-upgrade") await sleep(100);
    upgrade.kill("SIGKILL");
    await once(upgrade, "exit");
  }
});

const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
