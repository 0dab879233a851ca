import { strict as assert } from "node:assert";
import type { BsrReleaseArgs } from "../../components/bsr-release/args";
import { prepare } from "../../components/bsr-release/check-arguments";
import { documentedKeys, documentedSecrets } from "../../components/bsr-release/secrets/documented";
import {
  chartSecrets,
  neededSecrets,
  secretsToMask,
  type ChartSecret,
} from "../../components/bsr-release/secrets/secrets";
import { isSecret, known } from "./outputs";

type Given = Partial<BsrReleaseArgs>;

const chart = "oci://registry.example.com:5000/mirror/charts/bsr";

const checked = (given: Given) =>
  prepare({ version: "1.16.1", host: "bsr.example.com", chart, ...given }).args;

/** A Secret that the component makes, all that is in it readable. */
interface Made {
  readonly name: string;
  readonly type: ChartSecret["type"];
  readonly data: unknown;
  readonly files?: unknown;
}

async function made(given: Given): Promise<Made[]> {
  const secrets = chartSecrets(checked(given)).flatMap(({ name, type, content }) =>
    "data" in content ? [{ name, type, ...content }] : [],
  );
  return await known(secrets);
}

const oidc = { issuerURL: "https://id.example.com", clientID: "bsr" };
const saml = { idpMetadataURL: "https://id.example.com/metadata" };
const login = (user: string) => ({
  auths: {
    "registry.example.com:5000": {
      username: user,
      password: "pw",
      auth: Buffer.from(`${user}:pw`).toString("base64"),
    },
  },
});

describe("the Secrets that are made of arguments", () => {
  const opaque = (name: string, data: unknown): Made => ({ name, type: "Opaque", data });
  const rows: [Given, Made, string][] = [
    [{ postgres: { password: "pw" } }, opaque("bufd-postgres", { password: "pw" }), "Postgres' password"],
    [
      { redis: { address: "redis:6379" } },
      opaque("bufd-redis", { address: "redis:6379" }),
      "Redis' address alone",
    ],
    [
      { redis: { address: "redis:6379", auth: "token", ca: "PEM", tls: { use: "local" } } },
      opaque("bufd-redis", { address: "redis:6379", auth: "token", ca: "PEM" }),
      "Redis with token and authority",
    ],
    [
      { storage: { s3: { bucketName: "b", accessKeyId: "id", secretAccessKey: "key" } } },
      opaque("bufd-storage", { secret_access_key: "key" }),
      "an access key of S3",
    ],
    [
      { storage: { azure: { accountName: "a", container: "c", accountKey: "key" } } },
      opaque("bufd-storage", { account_key: "key" }),
      "an account key of Azure",
    ],
    [
      { auth: { oidc: { ...oidc, clientSecret: "s" } } },
      opaque("bufd-client-secret", { client_secret: "s" }),
      "the client secret of OIDC",
    ],
    [
      { auth: { saml: { ...saml, certificate: "CERT", privateKey: "KEY" } } },
      {
        name: "bsr-saml-cert",
        type: "kubernetes.io/tls",
        data: { "tls.crt": "CERT", "tls.key": "KEY" },
      },
      "the certificate of SAML, with the keys of its type",
    ],
    [
      { notifications: { smtp: { hostname: "mail" }, password: "pw" } },
      opaque("bufd-smtp-password", { password: "pw" }),
      "the mail server's password",
    ],
    [
      { bufjavacompilerd: { registry: { url: "https://maven", username: "u", password: "pw" } } },
      opaque("bufjavacompilerd-registry", { password: "pw" }),
      "the password of the Maven mirror",
    ],
    [
      { bufjavacompilerd: { trustStore: { cacerts: "/u3+7Q==", password: "pw" } } },
      { ...opaque("bufjavacompilerd-truststore", { password: "pw" }), files: { cacerts: "/u3+7Q==" } },
      "a trust store, which is a file and stays in base64",
    ],
  ];
  for (const [given, expected, because] of rows) {
    it(`of ${JSON.stringify(given)} are ${expected.name}: ${because}`, async () => {
      assert.deepEqual(await made(given), [expected]);
    });
  }

  const logins: [Given, string, string][] = [
    [{ registry: { password: "pw" } }, "_json_key_base64", "Buf's user is the default"],
    [{ registry: { username: "robot", password: "pw" } }, "robot", "a mirror's user"],
  ];
  for (const [given, user, because] of logins) {
    it(`of ${JSON.stringify(given)} are bufpullsecret for the chart's host: ${because}`, async () => {
      const [secret, ...more] = await made(given);
      assert.deepEqual(
        [secret?.name, secret?.type, more],
        ["bufpullsecret", "kubernetes.io/dockerconfigjson", []],
      );
      const data = secret?.data as Record<string, string>;
      assert.deepEqual(Object.keys(data), [".dockerconfigjson"]);
      assert.deepEqual(JSON.parse(data[".dockerconfigjson"] ?? ""), login(user));
    });
  }

  it("have, all together, every documented name", () => {
    const names = [...rows.map(([, { name }]) => name), documentedSecrets.pull];
    assert.deepEqual([...new Set(names)].sort(), Object.values(documentedSecrets).sort());
  });

  it("are none where nothing secret is given", () => {
    const given: Given = {
      registry: {},
      postgres: { host: "db" },
      storage: { gcs: { bucketName: "b" } },
      auth: { allowPublicAccess: true },
      notifications: { smtp: { hostname: "mail" } },
      bufjavacompilerd: { registry: { url: "https://maven" } },
    };
    assert.deepEqual(chartSecrets(checked(given)), []);
    assert.deepEqual(neededSecrets(checked(given)), []);
  });

  it("hold secret what was given in the clear", async () => {
    const secrets = chartSecrets(
      checked({
        registry: { password: "pw" },
        postgres: { password: "pw" },
        redis: { address: "redis:6379", auth: "token" },
        auth: { saml: { ...saml, certificate: "CERT", privateKey: "KEY" } },
        bufjavacompilerd: { trustStore: { cacerts: "/u3+7Q==", password: "pw" } },
      }),
    );
    const shown: string[] = [];
    for (const { content } of secrets) {
      if (!("data" in content)) continue;
      for (const [key, value] of Object.entries({ ...content.data, ...content.files })) {
        if (!(await isSecret(value))) shown.push(key);
      }
    }
    assert.deepEqual(shown, ["address", "tls.crt"], "an address and a certificate are not secret");
  });

  it("are masked by what is secret in them, under the names that the chart reads", async () => {
    const hidden: string[] = [];
    for (const [given] of rows) {
      for (const { name, content } of chartSecrets(checked(given))) {
        if (!("data" in content)) continue;
        for (const [key, value] of Object.entries({ ...content.data, ...content.files })) {
          if (await isSecret(value)) hidden.push(`${name} ${key}`);
        }
      }
    }
    const masked = documentedKeys.flatMap(({ name, keys }) => keys.map((key) => `${name} ${key}`));
    assert.deepEqual(
      [...new Set([...hidden, `${documentedSecrets.pull} .dockerconfigjson`])].sort(),
      masked.sort(),
    );
  });
});

describe("the Secrets that must be there", () => {
  const rows: [Given, { name: string; keys: readonly string[] }[], string][] = [
    [{ registry: { pullSecret: "pull" } }, [{ name: "pull", keys: [".dockerconfigjson"] }], "to pull images"],
    [
      { registry: { password: "pw", pullSecret: "pull" } },
      [{ name: "pull", keys: [".dockerconfigjson"] }],
      "images lie elsewhere than the chart, whose log-in makes no pull secret then",
    ],
    [{ postgres: { passwordSecret: "db" } }, [{ name: "db", keys: ["password"] }], "Postgres' password"],
    [{ redis: { secret: "redis" } }, [{ name: "redis", keys: ["address"] }], "Redis' address"],
    [
      { redis: { secret: "redis", secretHasAuth: true, tls: { use: "local" } } },
      [{ name: "redis", keys: ["address", "auth", "ca"] }],
      "and what else is used of it",
    ],
    [
      { redis: { secret: "redis", tls: { use: "system" } } },
      [{ name: "redis", keys: ["address"] }],
      "the authorities of the image need none",
    ],
    [
      { storage: { s3: { bucketName: "b", accessKeyId: "id", secretAccessKeySecret: "s3" } } },
      [{ name: "s3", keys: ["secret_access_key"] }],
      "an access key of S3",
    ],
    [
      { storage: { azure: { accountName: "a", container: "c", accountKeySecret: "az" } } },
      [{ name: "az", keys: ["account_key"] }],
      "an account key of Azure",
    ],
    [
      { auth: { oidc: { ...oidc, clientSecretSecret: "id" } } },
      [{ name: "id", keys: ["client_secret"] }],
      "the client secret of OIDC",
    ],
    [
      { auth: { oidc } },
      [{ name: "bufd-client-secret", keys: ["client_secret"] }],
      "OIDC works with none less",
    ],
    [
      { auth: { saml: { ...saml, certificateSecret: "cert" } } },
      [{ name: "cert", keys: ["tls.crt", "tls.key"] }],
      "the certificate of SAML",
    ],
    [{ auth: { saml } }, [{ name: "bsr-saml-cert", keys: ["tls.crt", "tls.key"] }], "SAML has one always"],
    [
      { notifications: { smtp: { hostname: "mail" }, passwordSecret: "mail" } },
      [{ name: "mail", keys: ["password"] }],
      "the mail server's password",
    ],
    [
      { bufjavacompilerd: { registry: { url: "https://m", username: "u", passwordSecret: "m" } } },
      [{ name: "m", keys: ["password"] }],
      "the password of the Maven mirror",
    ],
    [
      { bufjavacompilerd: { registry: { url: "https://m", username: "u" } } },
      [{ name: "bufjavacompilerd-registry", keys: ["password"] }],
      "a user has one",
    ],
    [
      { bufjavacompilerd: { trustStore: { secret: "jks" } } },
      [{ name: "jks", keys: ["cacerts", "password"] }],
      "a trust store",
    ],
    [
      { bufjavacompilerd: { trustStore: {} } },
      [{ name: "bufjavacompilerd-truststore", keys: ["cacerts", "password"] }],
      "also under the chart's own name",
    ],
  ];
  for (const [given, expected, because] of rows) {
    it(`for ${JSON.stringify(given)}: ${because}`, async () => {
      assert.deepEqual(neededSecrets(checked(given)), expected);
      assert.deepEqual(await made(given), [], "and none is made of nothing");
    });
  }

  it("are masked too, but for what is not secret in them", () => {
    const args = checked({
      redis: { secret: "cache", secretHasAuth: true },
      postgres: { passwordSecret: "bufd-postgres" },
      auth: { saml: { ...saml, certificateSecret: "cert" } },
      registry: { pullSecret: "pull" },
    });
    assert.deepEqual(secretsToMask(args), [
      ...documentedKeys,
      { name: "pull", keys: [".dockerconfigjson"] },
      { name: "cache", keys: ["auth"] },
      { name: "cert", keys: ["tls.key"] },
    ]);
    assert.deepEqual(secretsToMask(checked({ redis: { secret: "cache" } })), documentedKeys);
  });

  it("are none for what the component makes", () => {
    assert.deepEqual(neededSecrets(checked({ postgres: { password: "pw" } })), []);
  });
});
