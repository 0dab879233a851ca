import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import type { PulumiFn } from "@pulumi/pulumi/automation";
import { isEncrypted, sh, TestStack, whichPlugin, type Run } from "../../../sandbox/plugins/stack";

interface Live {
  metadata: { uid: string; resourceVersion: string; labels?: Record<string, string> };
  data?: Record<string, string>;
  type: string;
}

const base64 = (text: string) => Buffer.from(text).toString("base64");

/** One Secret through its life: each part goes on from what the part before it left. */
describe("the Kubernetes plugin: a Secret", function () {
  this.timeout(120_000);
  const namespace = `plugin-${randomBytes(3).toString("hex")}`;
  const elsewhere = `${namespace}-b`;
  const name = "password";
  let stack: TestStack;

  before(async () => {
    console.log(`      on the ${whichPlugin("kubernetes")}`);
    stack = await TestStack.open("secret");
    for (const one of [namespace, elsewhere]) sh("kubectl", "create", "namespace", one);
  });
  after(() => {
    sh("kubectl", "delete", "namespace", namespace, elsewhere, "--wait=false");
    stack.close();
  });

  type Args = Omit<k8s.core.v1.SecretArgs, "metadata"> & {
    metadata?: { name?: string; namespace?: string; labels?: Record<string, string> };
  };
  let known: Record<string, unknown> = {};
  const note = (secret: k8s.core.v1.Secret) => {
    known = {};
    for (const key of ["data", "metadata", "type"] as const) {
      (secret[key] as pulumi.Output<unknown>).apply((value) => (known[key] = value));
    }
    void pulumi.isSecret(secret.data).then((value) => (known.dataIsSecret = value));
  };
  const mutable = { enableSecretMutable: true };
  /** A program with the Secret, and with whatever else a test needs beside it. */
  const secret =
    (
      args: Args,
      provider: k8s.ProviderArgs = {},
      beside?: (options: pulumi.CustomResourceOptions) => void,
    ): PulumiFn =>
    () => {
      const options = {
        provider: new k8s.Provider("cluster", { clusterIdentifier: "sandbox", ...provider }),
      };
      const all = { ...args, metadata: { name, namespace, ...args.metadata } };
      note(new k8s.core.v1.Secret("secret", all, options));
      beside?.(options);
      return Promise.resolve();
    };
  const live = (of = name): Live | undefined => {
    const found = sh("kubectl", "get", "secret", of, "-n", namespace, "--ignore-not-found", "-o", "json");
    return found === "" ? undefined : (JSON.parse(found) as Live);
  };
  const contents = () =>
    Object.fromEntries(
      Object.entries(live()?.data ?? {}).map(([key, text]) => [key, Buffer.from(text, "base64").toString()]),
    );
  const state = () => stack.entry("secret") ?? assert.fail("the secret is not in the state");
  const ok = async (run: Promise<Run>) => {
    const done = await run;
    assert.equal(done.failed, "");
    return done;
  };
  const byHand = (manager: string, object: object) =>
    sh(
      "sh",
      "-c",
      'printf %s "$1" | kubectl apply --server-side --force-conflicts --field-manager "$2" -f -',
      "sh",
      JSON.stringify({ apiVersion: "v1", kind: "Secret", metadata: { name, namespace }, ...object }),
      manager,
    );

  const first = { stringData: { password: "pa55word", user: "bsr" } };

  describe("a create", () => {
    it("shows in the preview what the object will be, and makes nothing", async () => {
      const run = await ok(stack.preview(secret(first)));
      assert.equal(run.steps.secret, "create");
      assert.equal(known.type, "Opaque");
      assert.equal(live(), undefined);
    });

    it("makes the object, with its text in base64", async () => {
      await ok(stack.up(secret(first)));
      assert.deepEqual(contents(), { password: "pa55word", user: "bsr" });
      assert.equal(live()?.type, "Opaque");
      assert.equal(state().id, `${namespace}/${name}`);
    });

    it("tells what the API server made of it", () => {
      const { uid, resourceVersion } = live()?.metadata ?? assert.fail("it is not there");
      const metadata = known.metadata as Record<string, unknown>;
      assert.deepEqual(
        [metadata.uid, metadata.resourceVersion, metadata.namespace],
        [uid, resourceVersion, namespace],
      );
      assert.deepEqual(known.data, { password: base64("pa55word"), user: base64("bsr") });
    });

    it("keeps its contents secret, though the program gave them in plain text", () => {
      assert.equal(known.dataIsSecret, true);
      assert.ok(isEncrypted(state().outputs.data) && isEncrypted(state().inputs.data));
      for (const text of ["pa55word", base64("pa55word")]) {
        assert.equal(stack.stateText().includes(text), false);
      }
    });

    it("is done once: a preview after it is empty", async () => {
      assert.equal((await ok(stack.preview(secret(first)))).steps.secret, "same");
      assert.equal(
        (await ok(stack.preview(secret({ data: { password: base64("pa55word"), user: base64("bsr") } }))))
          .steps.secret,
        "same",
        "the same contents in base64",
      );
    });

    it("fails where there is one of that name, and leaves that as it is; a preview does not see it", async () => {
      sh("kubectl", "create", "secret", "generic", "taken", "-n", namespace, "--from-literal=a=theirs");
      const twin = { metadata: { name: "taken", namespace }, stringData: { a: "ours" } };
      const program = secret(first, {}, (options) => new k8s.core.v1.Secret("twin", twin, options));
      assert.equal((await stack.preview(program)).failed, "");
      const run = await stack.up(program);
      assert.match(run.failed, /secrets "taken" already exists/);
      assert.equal(stack.entry("twin"), undefined);
      assert.deepEqual(live("taken")?.data, { a: base64("theirs") });
    });

    it("without a name makes one up, from the name of the resource, and keeps it", async () => {
      const program = (label: string) =>
        secret(first, {}, (options) => {
          const args = { metadata: { namespace, labels: { label } }, stringData: { a: "1" } };
          new k8s.core.v1.Secret("unnamed", args, options);
        });
      await ok(stack.up(program("one")));
      const [within, made] = stack.entry("unnamed")?.id.split("/") ?? [];
      assert.equal(within, namespace);
      assert.match(made ?? "", /^unnamed-[0-9a-z]+$/);
      assert.ok(live(made));
      const run = await ok(stack.preview(program("two")));
      assert.deepEqual(run.diffs.unnamed, { "metadata.labels.label": "update" });
    });
  });

  const second = { stringData: { password: "pa55word-2" } };
  const labelled = (args: Args) => ({ ...args, metadata: { labels: { a: "b" } } });

  describe("a change", () => {
    it("of contents replaces it, the old one first; labels change in place", async () => {
      const before = live()?.metadata.uid;
      await ok(stack.up(secret(labelled(first))));
      assert.deepEqual([live()?.metadata.uid, live()?.metadata.labels], [before, { a: "b" }]);
      const run = await ok(stack.up(secret(labelled(second))));
      assert.equal(run.steps.secret, "replace");
      assert.deepEqual(run.diffs.secret, {
        "data.password": "update-replace",
        "data.user": "delete-replace",
      });
      assert.notEqual(live()?.metadata.uid, before);
      assert.deepEqual(contents(), { password: "pa55word-2" });
    });

    it("of contents is made in place where the provider says that Secrets are mutable", async () => {
      const before = live()?.metadata.uid;
      const run = await ok(
        stack.up(secret(labelled({ stringData: { password: "new", more: "1" } }), mutable)),
      );
      assert.deepEqual(run.diffs.secret, { "data.password": "update", "data.more": "add" });
      assert.deepEqual(contents(), { password: "new", more: "1" });
      await ok(stack.up(secret(second, mutable)));
      assert.deepEqual(contents(), { password: "pa55word-2" }, "a key that is dropped goes");
      assert.deepEqual([live()?.metadata.uid, live()?.metadata.labels], [before, undefined]);
    });

    it("of name, namespace or type always replaces, and of contents that are immutable", async () => {
      const replaced = async (args: Args) => {
        const run = await ok(stack.preview(secret({ ...second, ...args }, mutable)));
        return [run.steps.secret, run.diffs.secret];
      };
      assert.deepEqual(await replaced({ metadata: { name: "other" } }), [
        "replace",
        { "metadata.name": "update-replace" },
      ]);
      assert.deepEqual(await replaced({ metadata: { namespace: elsewhere } }), [
        "replace",
        { "metadata.namespace": "update-replace" },
      ]);
      assert.deepEqual(await replaced({ type: "example.com/other" }), ["replace", { type: "add-replace" }]);
      assert.deepEqual(await replaced({ immutable: true, stringData: { password: "2" } }), [
        "replace",
        { immutable: "add", "data.password": "update-replace" },
      ]);
    });

    it("shows contents in no diff", async () => {
      const program = secret({ stringData: { password: "never-shown" } }, mutable);
      const run = await ok(stack.preview(program, { diff: true }));
      assert.match(run.printed, /password: \[secret\] => \[secret\]/);
      for (const text of ["never-shown", base64("never-shown"), "pa55word-2", base64("pa55word-2")]) {
        assert.equal(run.printed.includes(text), false);
      }
    });
  });

  describe("a change by hand", () => {
    it("shows after a refresh, but not what the program never had; up puts it back", async () => {
      byHand("kubectl", { stringData: { password: "by-hand", extra: "1" }, metadata: { name, namespace } });
      assert.equal((await ok(stack.preview(secret(second, mutable)))).steps.secret, "same");
      await ok(stack.refresh());
      const run = await ok(stack.up(secret(second, mutable)));
      assert.deepEqual(run.diffs.secret, { "data.password": "update" });
      assert.equal(contents().password, "pa55word-2");
    });

    it("by another manager is a conflict, in the preview already, and is left alone", async () => {
      byHand("somebody", { data: { password: base64("theirs") } });
      await ok(stack.refresh());
      for (const run of [
        await stack.preview(secret(second, mutable)),
        await stack.up(secret(second, mutable)),
      ]) {
        assert.match(run.failed, /conflict with "somebody"[^:]*: \.data\.password/);
      }
      assert.equal(contents().password, "theirs");
    });

    it("that deleted it is a Secret made anew, once a refresh has seen that", async () => {
      sh("kubectl", "delete", "secret", name, "-n", namespace);
      const run = await ok(stack.up(secret(second, mutable), { refresh: true }));
      assert.equal(run.steps.secret, "create");
      assert.deepEqual(contents(), { password: "pa55word-2" });
    });
  });

  describe("a lookup", () => {
    const lookup = (id: string) =>
      secret(second, mutable, (options) => note(k8s.core.v1.Secret.get("found", id, options)));

    it("finds a Secret that another made, contents secret", async () => {
      await ok(stack.preview(lookup(`${namespace}/taken`)));
      assert.deepEqual(known.data, { a: base64("theirs") });
      assert.equal(known.dataIsSecret, true);
    });

    it("of one that is not there is an error", async () => {
      const run = await stack.preview(lookup(`${namespace}/none`));
      assert.match(run.failed, /none.*does not exist/);
    });
  });

  describe("an unreachable cluster", () => {
    const nowhere = JSON.stringify({
      apiVersion: "v1",
      kind: "Config",
      clusters: [{ name: "c", cluster: { server: "https://127.0.0.1:1" } }],
      contexts: [{ name: "c", context: { cluster: "c", user: "c" } }],
      users: [{ name: "c", user: { token: "t" } }],
      "current-context": "c",
    });

    it("lets a change be previewed, and not made", async () => {
      const program = secret({ stringData: { password: "3" } }, { ...mutable, kubeconfig: nowhere });
      assert.equal((await ok(stack.preview(program))).steps.secret, "update");
      assert.match((await stack.up(program)).failed, /cluster is unreachable/);
      await ok(stack.up(secret(second, mutable)));
    });
  });

  describe("the end", () => {
    it("deletes it; one that is gone already is as good as deleted", async () => {
      sh("kubectl", "delete", "secret", name, "-n", namespace);
      await ok(stack.destroy());
      assert.equal(stack.entry("secret"), undefined);
      await ok(stack.up(secret(first)));
      await ok(stack.destroy());
      assert.equal(live(), undefined);
    });
  });
});
