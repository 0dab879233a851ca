import assert from "node:assert/strict";
import { exec } from "../../../sandbox/exec";
import { createInstance, type Instance } from "../../../sandbox/instance";
import { Stack } from "../../../sandbox/stack";
import { helmHistory, helmValues } from "./helm";
import { applySecret, liveSecret } from "./secrets";

/** One stack whose file has typed arguments and nothing else; each test goes on where the one before stopped. */
describe("a stack described by typed arguments alone", function () {
  this.timeout("6m");
  /** All that no text may show; the instance's password joins them. */
  const secrets = {
    license: "license-that-nothing-may-show",
    "redis.auth": "redis-token-that-nothing-may-show",
    "storage.s3.secretAccessKey": "storage-key-that-nothing-may-show",
    "auth.oidc.clientSecret": "client-secret-that-nothing-may-show",
  };
  /** How releases before 1.15.2 are told what else to trust. */
  const oldCertificates = {
    bufd: {
      deployment: {
        extraVolumes: [{ name: "company-ca", secret: { secretName: "company-ca" } }],
        extraVolumeMounts: [{ name: "company-ca", mountPath: "/etc/company-ca" }],
      },
      clientTLS: { extraCerts: ["/etc/company-ca/ca.crt"] },
    },
  };
  let instance: Instance;
  let stack: Stack;
  let postgres: Instance["values"]["postgres"];
  /** What the chart gets of the arguments, whatever the release. */
  let values: Record<string, unknown>;

  before(async () => {
    instance = await createInstance("arguments", { postgresSecret: false });
    ({ postgres } = instance.values);
    await applySecret(instance, "company-ca", { "ca.crt": "a certificate" });
    const bufd = { serviceAccount: { annotations: { "example.com/identity": "bsr" } } };
    stack = await Stack.create("arguments", instance, {
      version: "1.14.0",
      values: undefined,
      postgres: { ...postgres, maxConnections: 8 },
      redis: { address: "redis.example.com:6379" },
      storage: { s3: { bucketName: "modules", region: "eu-central-1", accessKeyId: "AKIA0" } },
      auth: {
        oidc: { issuerURL: "https://login.example.com", clientID: "bsr" },
        autoProvisionedAdminEmails: ["admin@example.com"],
      },
      bufd,
      clientTLSSecrets: { "company-ca": "ca.crt" },
      valuesFor: [{ versions: "<1.15.2", values: oldCertificates }],
    });
    for (const [key, value] of Object.entries(secrets)) await stack.configureSecret(key, value);
    await stack.configureSecret("postgres.password", instance.password);
    values = {
      host: "bsr.example.com",
      maintenance: false,
      postgres: { ...postgres, maxConnections: 8 },
      redis: { auth: true },
      storage: {
        use: "s3",
        s3: { bucketName: "modules", region: "eu-central-1", accessKeyId: "AKIA0" },
      },
      auth: {
        method: "oidc",
        oidc: { issuerURL: "https://login.example.com", clientID: "bsr" },
        autoProvisionedAdminEmails: ["admin@example.com"],
      },
      bufd,
    };
  });

  after(async () => {
    await stack.remove();
    await instance.close();
  });

  function withOldCertificates(): Record<string, unknown> {
    const { bufd } = oldCertificates;
    return { ...values, bufd: { ...(values["bufd"] as object), ...bufd } };
  }

  function assertNothingSecret(text: string): void {
    for (const [key, value] of Object.entries({ ...secrets, "postgres.password": instance.password })) {
      for (const spelling of [value, Buffer.from(value).toString("base64")]) {
        assert.ok(!text.includes(spelling), `${key} is in ${text}`);
      }
    }
  }

  it("shows in preview the Secrets that it makes, and of none what is in it", async () => {
    const preview = await stack.preview({ args: ["--diff"] });
    assert.ok(preview.ok, preview.text);
    for (const name of ["bufd-postgres", "bufd-redis", "bufd-storage", "bufd-client-secret"]) {
      assert.match(preview.text, new RegExp(`name *: "${name}"`));
    }
    assertNothingSecret(preview.text);
  });

  it("installs, with the Secrets under the names and keys that the chart reads", async () => {
    const up = await stack.up();
    assert.ok(up.ok, up.text);
    assertNothingSecret(up.text);
    const names = ["bufd-postgres", "bufd-redis", "bufd-storage", "bufd-client-secret"];
    const live = await Promise.all(names.map((name) => liveSecret(instance, name)));
    assert.deepEqual(
      live.map(({ type, data }) => ({ type, data })),
      [
        { password: instance.password },
        { address: "redis.example.com:6379", auth: secrets["redis.auth"] },
        { secret_access_key: secrets["storage.s3.secretAccessKey"] },
        { client_secret: secrets["auth.oidc.clientSecret"] },
      ].map((data) => ({ type: "Opaque", data })),
    );
    assert.deepEqual(await helmValues(instance), { "1.14.0": withOldCertificates() });
  });

  it("leaves nothing secret in the state, or in any object but Secrets", async () => {
    assertNothingSecret(await stack.state());
    const kinds = "configmaps,leases,events,serviceaccounts,services,deployments,replicasets,pods,jobs";
    const args = ["get", kinds, "-n", instance.namespace, "-o", "yaml", "--show-managed-fields"];
    const objects = await exec("kubectl", args, { env: instance.env });
    assert.match(objects, /kind: Deployment/);
    assertNothingSecret(objects);
  });

  it("has an empty second preview", async () => {
    const preview = await stack.preview({ args: ["--expect-no-changes"] });
    assert.ok(preview.ok, preview.text);
  });

  it("changes a Secret in place when its argument changes, and deploys nothing for it", async () => {
    const before = await liveSecret(instance, "bufd-postgres");
    const password = "a-new-password-that-nothing-may-show";
    await instance.query(`ALTER ROLE ${instance.database} PASSWORD '${password}'`);
    await stack.configureSecret("postgres.password", password);
    const preview = await stack.preview({ args: ["--diff"] });
    assert.ok(preview.ok, preview.text);
    assert.ok(!preview.text.includes(password), preview.text);
    const up = await stack.up();
    assert.ok(up.ok, up.text);
    assert.deepEqual(await liveSecret(instance, "bufd-postgres"), { ...before, data: { password } });
    assert.deepEqual(await helmHistory(instance), ["1.14.0 deployed"]);
  });

  it("takes a Secret of another name, and follows what is in it", async () => {
    const before = await liveSecret(instance, "bufd-postgres");
    stack.configure({ postgres: { ...postgres, maxConnections: 8, passwordSecret: "database-login" } });
    for (const password of ["one-more-password", "the-last-password"]) {
      await instance.query(`ALTER ROLE ${instance.database} PASSWORD '${password}'`);
      await applySecret(instance, "database-login", { password, user: "of no interest" });
      const up = await stack.up();
      assert.ok(up.ok, up.text);
      assert.deepEqual(await liveSecret(instance, "bufd-postgres"), { ...before, data: { password } });
      assert.ok(!(await stack.state()).includes(password));
    }
    assert.deepEqual((await liveSecret(instance, "database-login")).data, {
      password: "the-last-password",
      user: "of no interest",
    });
    assert.deepEqual(await helmHistory(instance), ["1.14.0 deployed"]);
  });

  it("is refused where it would rely on a Secret that goes with its argument", async () => {
    stack.configure({ postgres: { ...postgres, maxConnections: 8, passwordSecret: "bufd-postgres" } });
    const preview = await stack.preview();
    assert.ok(!preview.ok, preview.text);
    assert.match(
      preview.text,
      /secret-goes\s+found: +The Secret bufd-postgres in the namespace \S+ was made by/,
    );
    stack.configure({ postgres: { ...postgres, maxConnections: 8, passwordSecret: "database-login" } });
  });

  it("gives every release on a way the values that it reads, and the ones that replaced them to the later", async () => {
    stack.configure({ version: "1.16.1" });
    const up = await stack.up();
    assert.ok(up.ok, up.text);
    assertNothingSecret(up.text);
    const later = { ...values, clientTLSSecrets: { "company-ca": "ca.crt" } };
    const licensed = { ...later, license: { key: secrets.license } };
    assert.deepEqual(await helmValues(instance), {
      "1.14.0": withOldCertificates(),
      "1.15.2": later,
      "1.16.1": licensed,
    });
    assertNothingSecret(await stack.state());
    const preview = await stack.preview({ args: ["--expect-no-changes"] });
    assert.ok(preview.ok, preview.text);
  });
});
