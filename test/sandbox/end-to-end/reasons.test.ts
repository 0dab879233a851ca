import assert from "node:assert/strict";
import { createInstance, type Instance } from "../../../sandbox/instance";
import { Stack } from "../../../sandbox/stack";
import { withEdits, type Edit } from "./edit-chart";
import { Mirror } from "./mirror";

/** A value that is given to releases that do not read it, so that a log line can hold a secret. */
const license = "a-license-that-no-output-may-show";

describe("what a hop that fails says", function () {
  this.timeout("10m");
  let instance: Instance;
  let mirror: Mirror;
  let stack: Stack;

  before(async () => {
    instance = await createInstance("reasons");
    mirror = new Mirror(instance);
    for (const version of ["1.1.0", "1.3.1"]) await mirror.publish(version);
    stack = await Stack.create("reasons", instance, { version: "1.1.0", chart: mirror.chart });
    await stack.configureSecret("values.license.key", license);
    const installed = await stack.up();
    assert.ok(installed.ok, installed.text);
    assert.match(installed.text, /1\.1\.0: done, 1\.1\.0 installed, \d+/);
    stack.configure({ version: "1.3.1" });
  });

  after(async () => {
    await stack.remove();
    await instance.close();
  });

  /** Walks to 1.3.1 over a 1.2.0 whose chart was changed, and answers what `up` printed. */
  async function upOver(...edits: readonly Edit[]): Promise<string> {
    await mirror.publish("1.2.0", { editChart: withEdits(...edits) });
    const { ok, text } = await stack.up();
    assert.ok(!ok, text);
    assert.ok(!text.includes(license), "the license is in the output");
    assert.ok(!text.includes(instance.password), "the password of the database is in the output");
    assert.match(text, /do: +fix the cause, then run pulumi up again: it goes on at this version/);
    return text;
  }

  it("of a hook: helm's error, its pods' exit code and the last lines of their log", async () => {
    const text = await upOver([
      "check.yaml",
      "[/usr/local/bin/bufd, check]",
      "[/usr/local/bin/bufd, migratedownto, nothing]",
    ]);
    assert.match(
      text,
      /1\.2\.0 was not deployed: UPGRADE FAILED: pre-upgrade hooks failed: .*job bsr-check failed/,
    );
    assert.match(text, /bsr-check-\S+: Error: container check ended with exit code 1/);
    assert.match(text, /\| bufd: "nothing" is no schema version/);
    assert.match(text, /left: hooks run before anything else, so what was running goes on serving/);
  });

  it("of a crash: exit code, restarts and the last lines of the log, masked, when the time is over", async () => {
    stack.configure({ deployTimeoutSeconds: 20 });
    const text = await upOver([
      "bufd.yaml",
      "[/usr/local/bin/bufd, serve]",
      // The password stands in a Secret that is there, and that no argument names.
      `[/usr/local/bin/bufd, migratedownto, "$(POSTGRES_PASSWORD) postgres://bsr:$(POSTGRES_PASSWORD)@db {{ .Values.license.key }}"]`,
    ]);
    stack.configure({ deployTimeoutSeconds: undefined });
    assert.match(
      text,
      /1\.2\.0 was deployed but not verified: its rollout did not complete within 20 s: bufd 0\/2 ready; old pods left: 2/,
    );
    assert.match(text, /bufd-\S+: \w+: container bufd ended with exit code 1, started again \d times?/);
    assert.match(
      text,
      /\| bufd: "\[secret\] postgres:\/\/bsr:\[secret\]@db \[secret\]" is no schema version/,
    );
    assert.match(
      text,
      /left: still serving: bufd 2 old, frontend 1 new, oci-registry 1 new; nothing after this step was begun/,
    );
  });

  it("of a Secret that is missing and a node that is too small: soon, names, requests and the scheduler's reason", async () => {
    const command = "command: [/usr/local/bin/bufd, {{ $name }}]";
    const password =
      "{ name: PASSWORD, valueFrom: { secretKeyRef: { name: bufd-postgers, key: password } } }";
    const text = await upOver(
      ["others.yaml", command, `${command}\n          env: [${password}]`],
      [
        "bufd.yaml",
        '{{- include "bsr.resources" (dict "root" . "given" .Values.bufd.resources) | nindent 10 }}',
        "resources: { requests: { cpu: 1000 } }",
      ],
    );
    assert.match(text, /1\.2\.0: pods: .*bufd-\S+: Unschedulable: 0\/1 nodes are available/);
    assert.match(text, /its pods cannot become ready: bufd 0\/2, frontend 0\/1, oci-registry 0\/1 ready;/);
    assert.match(text, /bufd-\S+: Pending, Unschedulable: .*1 Insufficient cpu.*It requests: bufd cpu 1k/);
    assert.match(
      text,
      /frontend-\S+: CreateContainerConfigError: container frontend: secret "bufd-postgers" not found/,
    );
  });

  it("is followed by a summary, once the cause is gone", async () => {
    await mirror.publish("1.2.0");
    const { ok, text } = await stack.up();
    assert.ok(ok, text);
    assert.match(text, /1\.2\.0: helm upgrade to oci:/);
    assert.match(text, /1\.2\.0: chart deployed as revision \d/);
    assert.match(text, /1\.2\.0: pods: .*bufd \d\/2/);
    assert.match(text, /1\.3\.1: done, 1\.1\.0 to 1\.3\.1 in 2 deploys, .*, taken up again 3 times/);
  });
});
