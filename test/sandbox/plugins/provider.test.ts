import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { local } from "@pulumi/command";
import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import type { PulumiFn } from "@pulumi/pulumi/automation";
import { parse } from "yaml";
import { sandboxEnv } from "../../../sandbox/env";
import { writeChart } from "./chart";
import { watchProcesses } from "./processes";
import { isEncrypted, sh, TestStack, whichPlugin, type Run } from "./stack";

interface Kubeconfig {
  clusters: { name: string; cluster: { server: string } }[];
  contexts: { name: string; context: { cluster: string; user: string; namespace?: string } }[];
  users: { user: Record<string, unknown> }[];
  "current-context": string;
}

/** A release with a provider of its own, and what a change of the provider does to it. */
describe("the Kubernetes plugin: a provider", function () {
  this.timeout(60_000);
  const namespace = `plugin-${randomBytes(3).toString("hex")}`;
  let stack: TestStack;
  let kubeconfig: Kubeconfig;
  let text: string;
  let respelled: string;

  before(async () => {
    console.log(`      on the ${whichPlugin("kubernetes")}`);
    stack = await TestStack.open("provider");
    writeChart(join(stack.folder, "chart"), "1.0.0");
    kubeconfig = parse(sh("kubectl", "config", "view", "--raw", "--minify", "--flatten")) as Kubeconfig;
    text = JSON.stringify(kubeconfig);
    // The same cluster by another spelling of its address.
    respelled = JSON.stringify(kubeconfig, (key, value: unknown) =>
      key === "server" ? `${String(value)}/` : value,
    );
    sh("kubectl", "create", "namespace", namespace);
  });
  after(async () => {
    await stack.destroy();
    sh("kubectl", "delete", "namespace", namespace, "--wait=false");
    stack.close();
  });

  const usual = { a: "in-the-values" };
  const using =
    (args: k8s.ProviderArgs, values: Record<string, string> = usual): PulumiFn =>
    () => {
      withProvider(new k8s.Provider("cluster", args), values);
      return Promise.resolve();
    };
  const withProvider = (provider: k8s.Provider, values: Record<string, string> = usual) =>
    new k8s.helm.v3.Release(
      "release",
      { name: "tiny", namespace, chart: "./chart", skipAwait: true, values },
      { provider },
    );
  /** A kubeconfig that a preview cannot know: the output of a command that is to run again. */
  const unknownIn =
    (run: string, args: k8s.ProviderArgs): PulumiFn =>
    () => {
      writeFileSync(join(stack.folder, "kubeconfig"), text, { mode: 0o600 });
      const made = new local.Command(
        "made",
        { create: "cat kubeconfig", dir: stack.folder, environment: { RUN: run }, logging: "none" },
        { additionalSecretOutputs: ["stdout"] },
      );
      withProvider(new k8s.Provider("cluster", { ...args, kubeconfig: made.stdout }));
      return Promise.resolve();
    };
  const ok = async (run: Promise<Run>) => {
    const done = await run;
    assert.equal(done.failed, "");
    return done;
  };
  const steps = (run: Run) => [run.steps.cluster, run.steps.release];

  it("has no arguments that its stand-in would not honour", async function () {
    if (sandboxEnv().BSR_SANDBOX_PLUGINS !== "stand-in") this.skip();
    const run = await stack.preview(using({ cluster: "other", deleteUnreachable: true, namespace }));
    assert.match(
      run.failed,
      /stand-in for the Kubernetes plugin has no argument cluster, deleteUnreachable; /,
    );
  });

  describe("with its kubeconfig as text", () => {
    it("shows it in no output, no state and no process list", async () => {
      const credentials = Object.values(kubeconfig.users[0]?.user ?? {}).filter(
        (value) => typeof value === "string",
      );
      assert.ok(credentials.length > 0);
      const secretly = { clusterIdentifier: "one", kubeconfig: pulumi.secret(text) };
      const watch = watchProcesses([...credentials, usual.a]);
      const run = await ok(stack.up(using(secretly)));
      assert.deepEqual(watch.stop(), []);
      for (const credential of credentials) {
        assert.equal(run.printed.includes(credential), false);
        assert.equal(stack.stateText().includes(credential), false);
      }
      assert.ok(isEncrypted(stack.entry("cluster")?.inputs.kubeconfig));
      assert.match(sh("helm", "list", "--namespace", namespace), /^tiny\s/m);
    });
  });

  describe("with a clusterIdentifier", () => {
    const one = { clusterIdentifier: "one" };

    it("is only updated by a kubeconfig that is not known yet, or that spells its cluster otherwise", async () => {
      const run = await ok(stack.preview(unknownIn("1", one)));
      assert.equal(run.steps.cluster, "update");
      assert.notEqual(run.steps.release, "replace");
      assert.deepEqual(steps(await ok(stack.up(using({ ...one, kubeconfig: respelled })))), [
        "update",
        "same",
      ]);
    });

    it("is replaced, and the release with it, by another clusterIdentifier", async () => {
      const run = await ok(stack.preview(using({ clusterIdentifier: "two", kubeconfig: text })));
      assert.deepEqual(steps(run), ["replace", "replace"]);
    });
  });

  describe("without a clusterIdentifier", () => {
    it("is not replaced by leaving the identifier out", async () => {
      assert.deepEqual(steps(await ok(stack.up(using({ kubeconfig: respelled })))), ["update", "same"]);
    });

    it("is replaced by a cluster that is only spelled otherwise, and by one that is not known yet", async () => {
      assert.deepEqual(steps(await ok(stack.preview(using({ kubeconfig: text })))), ["replace", "replace"]);
      assert.equal((await ok(stack.preview(unknownIn("2", {})))).steps.cluster, "replace");
    });
  });

  describe("its kubeconfig", () => {
    it("may be a path, of which it takes the context that it is told", async () => {
      const path = join(stack.folder, "contexts");
      const [{ name, context }] = kubeconfig.contexts as [Kubeconfig["contexts"][0]];
      const contexts = [
        { name: "elsewhere", context: { ...context, cluster: "elsewhere" } },
        { name, context },
      ];
      const elsewhere = { name: "elsewhere", cluster: { server: "https://127.0.0.1:1" } };
      const clusters = [elsewhere, ...kubeconfig.clusters];
      writeFileSync(
        path,
        JSON.stringify({ ...kubeconfig, clusters, contexts, "current-context": "elsewhere" }),
        { mode: 0o600 },
      );
      // The identifier is given before the kubeconfig changes: both at once would replace.
      await ok(stack.up(using({ clusterIdentifier: "one", kubeconfig: respelled })));
      const args = { clusterIdentifier: "one", kubeconfig: path };
      await ok(stack.up(using({ ...args, context: name }, { by: "path" })));
      assert.match(sh("helm", "get", "values", "tiny", "--namespace", namespace), /by: path/);
      const run = await stack.up(using(args, { by: "nothing" }));
      assert.match(run.failed, /unreachable|127\.0\.0\.1:1/i);
    });

    it("is not quoted when it cannot be read", async () => {
      const run = await stack.up(
        using({ clusterIdentifier: "one", kubeconfig: pulumi.secret("token: [t0p-secret") }),
      );
      assert.notEqual(run.failed, "");
      assert.equal(run.printed.includes("t0p-secret"), false);
      // Back to one that works, so that what was made can be taken away again.
      await ok(stack.up(using({ clusterIdentifier: "one", kubeconfig: text })));
    });
  });
});
