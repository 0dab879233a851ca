import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { startPrivateRegistry, type PrivateRegistry } from "../../../../sandbox/bsr/private-registry";
import { createInstance, type Instance } from "../../../../sandbox/instance";
import { pgDumpFor } from "../../../../sandbox/snapshot-method";
import { Stack } from "../../../../sandbox/stack";
import { record } from "../../../sandbox/end-to-end/helm";
import { leaveFolder, LeakWatch } from "../../../sandbox/end-to-end/leaks";
import { Mirror } from "../../../sandbox/end-to-end/mirror";
import { allGiven, marked } from "../../../sandbox/end-to-end/secret-inputs";

describe("every secret input, on every kind of path", function () {
  this.timeout("20m");
  const { configuration, secrets: given } = allGiven();
  const secrets: Record<string, string> = { ...given };
  let instance: Instance;
  let registry: PrivateRegistry;
  let mirror: Mirror;
  let stack: Stack;
  let watch: LeakWatch;

  before(async () => {
    instance = await createInstance("noleak", { postgresSecret: false });
    registry = await startPrivateRegistry({ username: "operator", password: marked("registry") });
    mirror = new Mirror(instance, registry);
    for (const version of ["1.8.3", "1.9.1", "1.10.0", "1.11.0", "1.12.1"]) await mirror.publish(version);
    const { postgres } = instance.values;
    stack = await Stack.create("noleak", instance, {
      version: "1.8.3",
      chart: mirror.chart,
      values: undefined,
      postgres,
      ...configuration,
      registry: { username: registry.login.username },
      snapshot: await pgDumpFor(instance),
    });
    secrets["postgres.password"] = instance.password;
    secrets["registry.password"] = registry.login.password;
    secrets["kubeconfig"] = readFileSync(instance.env["KUBECONFIG"] ?? "", "utf8");
    for (const [key, value] of Object.entries(secrets)) await stack.configureSecret(key, value);
    // Of a kubeconfig any part may leak, and its token is the part that matters.
    const { users } = JSON.parse(secrets["kubeconfig"]) as { users: { user: { token: string } }[] };
    const searched = { ...secrets, kubeconfig: users[0]?.user.token ?? "" };
    // What a chart of this test has made of the token is not the component's doing.
    watch = new LeakWatch(searched, instance, { objects: /^failing/ });
  });

  after(async () => {
    watch.stop();
    await stack.remove();
    await instance.close();
    await registry.close();
  });

  const succeeds = async () => {
    const preview = watch.told(await stack.preview({ args: ["--diff"] }));
    assert.ok(preview.ok, preview.text);
    const up = watch.told(await stack.up({ args: ["--diff"] }));
    assert.ok(up.ok, up.text);
  };
  const fails = async () => {
    const up = watch.told(await stack.up({ args: ["--diff"] }));
    assert.ok(!up.ok, up.text);
    return up.text;
  };

  it("an installation, and a jump through maintenance", async () => {
    await succeeds();
    stack.configure({ version: "1.11.0", strategy: "maintenance", allowDowntime: true });
    await succeeds();
    stack.configure({ strategy: undefined, allowDowntime: undefined });
  });

  it("a deploy that helm refuses, one whose pods fail, and a chart that cannot be pulled", async () => {
    const refusing = (files: Map<string, string>) =>
      files.set("templates/refuse.yaml", '{{ fail (printf "no such thing as %v" .Values.extra.token) }}');
    stack.configure({ version: "1.12.1" });
    await mirror.publish("1.12.1", { editChart: refusing });
    assert.match(await fails(), /no such thing as \[secret\]/);
    const failing = (files: Map<string, string>) =>
      files.set(
        "templates/fail.yaml",
        [
          "apiVersion: apps/v1\nkind: Deployment\nmetadata: { name: failing }",
          "spec:\n  selector: { matchLabels: { app: failing } }\n  template:",
          "    metadata: { labels: { app: failing } }",
          "    spec: { containers: [{ name: failing, image: {{ .Values.extra.token | quote }} }] }",
        ].join("\n"),
      );
    await mirror.publish("1.12.1", { editChart: failing });
    stack.configure({ deployTimeoutSeconds: 60 });
    await fails();
    await watch.ask(stack);
    await stack.configureSecret("registry.password", "another");
    await fails();
    await stack.configureSecret("registry.password", registry.login.password);
    await mirror.publish("1.12.1");
    stack.configure({ deployTimeoutSeconds: undefined });
    await succeeds();
  });

  it("one minor down, first with a binary that is not there", async () => {
    stack.configure({ version: "1.11.0", migrateDown: { command: ["/no/such/program"] } });
    await fails();
    stack.configure({ migrateDown: undefined });
    await succeeds();
  });

  it("what a step that was killed has left among the temporary files, until the next step", async () => {
    const left = await leaveFolder(secrets["kubeconfig"] ?? "");
    assert.ok(existsSync(left), left);
    stack.configure({ bufd: { deployment: { podLabels: { team: "registry" } } } });
    await succeeds();
    assert.ok(!existsSync(left), left);
  });

  it("a restore", async () => {
    const { snapshots } = (await record(instance)) as unknown as { snapshots: { id: string }[] };
    await instance.allowCreateDatabase();
    stack.configure({ version: "1.8.3", restore: snapshots[0]?.id });
    await succeeds();
  });

  it("shows none of them anywhere", async () => {
    await watch.end(stack);
    const jobs = [...watch.jobs];
    assert.ok(
      jobs.some((name) => name.includes("snapshot")),
      `Jobs were seen only of ${jobs.join(", ")}`,
    );
  });
});
