import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import type { ChartFiles } from "../../../../sandbox/bsr/chart";
import { createInstance, type Instance } from "../../../../sandbox/instance";
import { Stack } from "../../../../sandbox/stack";
import { LeakWatch } from "../../../sandbox/end-to-end/leaks";
import { Mirror } from "../../../sandbox/end-to-end/mirror";
import { withExisting } from "../../../sandbox/end-to-end/secret-inputs";
import { applySecret } from "../../../sandbox/end-to-end/secrets";

/** What bufd gets of the Secrets under the names that the chart reads, and logs when it crashes. */
const logged: readonly [variable: string, secret: string, key: string][] = [
  ["REDIS_AUTH", "bufd-redis", "auth"],
  ["REDIS_CA", "bufd-redis", "ca"],
  ["ACCOUNT_KEY", "bufd-storage", "account_key"],
  ["SAML_KEY", "bsr-saml-cert", "tls.key"],
  ["SMTP_PASSWORD", "bufd-smtp-password", "password"],
  ["MAVEN_PASSWORD", "bufjavacompilerd-registry", "password"],
  ["STORE_PASSWORD", "bufjavacompilerd-truststore", "password"],
  ["CACERTS", "bufjavacompilerd-truststore", "cacerts"],
];

/** Each test goes on where the one before stopped. */
describe("the secrets of Secrets that are there, also where a pod logs them", function () {
  this.timeout("15m");
  let instance: Instance;
  let mirror: Mirror;
  let stack: Stack;
  let watch: LeakWatch;

  before(async () => {
    instance = await createInstance("noleaks", { postgresSecret: false });
    const { configuration, secrets, existing, hidden } = withExisting(instance.password);
    for (const { name, data } of existing) await applySecret(instance, name, data);
    mirror = new Mirror(instance);
    for (const version of ["1.11.0", "1.12.1"]) await mirror.publish(version);
    stack = await Stack.create("noleaks", instance, {
      version: "1.11.0",
      chart: mirror.chart,
      values: undefined,
      postgres: { ...instance.values.postgres, passwordSecret: "database" },
      ...configuration,
    });
    for (const [key, value] of Object.entries(secrets)) await stack.configureSecret(key, value);
    const kubeconfig = readFileSync(instance.env["KUBECONFIG"] ?? "", "utf8");
    await stack.configureSecret("kubeconfig", kubeconfig);
    const { users } = JSON.parse(kubeconfig) as { users: { user: { token: string } }[] };
    // Of a key, a line alone says too much.
    const lines = (secrets["auth.saml.privateKey"] ?? "").split("\n").slice(1, -1);
    watch = new LeakWatch(
      {
        ...secrets,
        ...hidden,
        ...Object.fromEntries(lines.map((line, index) => [`line ${index} of auth.saml.privateKey`, line])),
        kubeconfig: users[0]?.user.token ?? "",
      },
      instance,
      { processes: /^\/usr\/local\/bin\/bufd\0migratedownto\0postgres:/ },
    );
  });

  after(async () => {
    watch.stop();
    await stack.remove();
    await instance.close();
  });

  const succeeds = async () => {
    const preview = watch.told(await stack.preview({ args: ["--diff"] }));
    assert.ok(preview.ok, preview.text);
    const up = watch.told(await stack.up({ args: ["--diff"] }));
    assert.ok(up.ok, up.text);
  };

  it("an installation, which copies them", succeeds);

  it("a deploy whose pods crash and log each of them, as such and in a URL", async () => {
    const crashing = (files: ChartFiles) => {
      const path = "templates/bufd.yaml";
      const variables = logged.map(
        ([name, secret, key]) =>
          `            - { name: ${name}, valueFrom: { secretKeyRef: { name: ${secret}, key: ${key} } } }\n`,
      );
      const texts = ["postgres://bsr:$(POSTGRES_PASSWORD)@db/bsr", "password $(POSTGRES_PASSWORD)"].concat(
        logged.map(([name]) => `${name} $(${name})`),
      );
      const before = files.get(path) ?? "";
      const after = before
        .replace("          env:\n", `          env:\n${variables.join("")}`)
        .replace(
          "[/usr/local/bin/bufd, serve]",
          `[/usr/local/bin/bufd, migratedownto, ${JSON.stringify(texts.join(", "))}]`,
        );
      assert.ok(after.includes("migratedownto") && after.includes("SAML_KEY, valueFrom"), after);
      files.set(path, after);
    };
    await mirror.publish("1.12.1", { editChart: crashing });
    stack.configure({ version: "1.12.1", deployTimeoutSeconds: 30 });
    const up = watch.told(await stack.up({ args: ["--diff"] }));
    assert.ok(!up.ok, up.text);
    assert.match(up.text, /\| bufd: "postgres:\/\/bsr:\[secret\]@db\/bsr, password \[secret\], /);
    await watch.ask(stack);
  });

  it("and one that works again", async () => {
    await mirror.publish("1.12.1");
    stack.configure({ deployTimeoutSeconds: undefined });
    await succeeds();
  });

  it("shows none of them anywhere", async () => {
    await watch.end(stack);
  });
});
