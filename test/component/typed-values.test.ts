import { strict as assert } from "node:assert";
import * as pulumi from "@pulumi/pulumi";
import { ArgumentError, type BsrReleaseArgs } from "../../components/bsr-release/args";
import { prepare } from "../../components/bsr-release/check-arguments";
import { typedValues } from "../../components/bsr-release/values/typed-values";
import { leaves, type Values } from "../../components/bsr-release/values/values";
import { isSecret, known } from "./outputs";

type Given = Partial<BsrReleaseArgs>;

const host = "bsr.example.com";

function valuesOf(given: Given): Promise<Values> {
  return known(pulumi.output(typedValues(prepare({ version: "1.16.1", host, ...given }).args)));
}

const oidc = { issuerURL: "https://id.example.com", clientID: "bsr" };
const saml = { idpMetadataURL: "https://id.example.com/metadata" };
const labels = { a: "b" };

describe("the chart's values of the arguments", () => {
  const rows: [Given, Values, string][] = [
    [{}, {}, "nothing but the host"],
    [{ license: "key" }, { license: { key: "key" } }, "the license"],
    [
      { registry: { password: "pw" } },
      { imagePullSecrets: [{ name: "bufpullsecret" }] },
      "the pull secret that is made of a log-in",
    ],
    [
      { registry: { pullSecret: "mine" } },
      { imagePullSecrets: [{ name: "mine" }] },
      "a pull secret of one's own",
    ],
    [
      {
        storage: {
          s3: {
            bucketName: "b",
            region: "eu-central-1",
            forcePathStyle: true,
            insecure: true,
            endpoint: "minio:9000",
            accessKeyId: "id",
            secretAccessKey: "key",
          },
        },
      },
      {
        storage: {
          use: "s3",
          s3: {
            bucketName: "b",
            region: "eu-central-1",
            forcePathStyle: true,
            insecure: true,
            endpoint: "minio:9000",
            accessKeyId: "id",
          },
        },
      },
      "S3, without the secret key",
    ],
    [
      { storage: { azure: { accountName: "a", container: "c" } } },
      { storage: { use: "azure", azure: { accountName: "a", container: "c", useAccountKey: false } } },
      "Azure with the pods' identity",
    ],
    [
      { storage: { azure: { accountName: "a", container: "c", accountKey: "key" } } },
      { storage: { use: "azure", azure: { accountName: "a", container: "c", useAccountKey: true } } },
      "Azure with a key, which stays out",
    ],
    [
      { storage: { azure: { accountName: "a", container: "c", accountKeySecret: "s" } } },
      { storage: { use: "azure", azure: { accountName: "a", container: "c", useAccountKey: true } } },
      "Azure with a key that is there",
    ],
    [
      { storage: { gcs: { bucketName: "b" } } },
      { storage: { use: "gcs", gcs: { bucketName: "b" } } },
      "Google Cloud Storage",
    ],
    [
      {
        postgres: { host: "db", port: 5432, database: "bsr", user: "u", password: "pw", maxConnections: 20 },
      },
      { postgres: { host: "db", port: 5432, database: "bsr", user: "u", maxConnections: 20 } },
      "Postgres, without the password",
    ],
    [
      { postgres: { cloudSqlInstance: "p:r:i", database: "bsr", user: "u", impersonateServiceAccount: "x" } },
      { postgres: { cloudSqlInstance: "p:r:i", database: "bsr", user: "u", impersonateServiceAccount: "x" } },
      "Cloud SQL",
    ],
    [{ redis: { address: "redis:6379" } }, { redis: { auth: false } }, "Redis without token and TLS"],
    [
      { redis: { address: "redis:6379", auth: "token", ca: "PEM", tls: { use: "local" } } },
      { redis: { auth: true, tls: { use: "local" } } },
      "Redis with token and an authority of its own, neither of which is a value",
    ],
    [
      { redis: { secret: "redis", secretHasAuth: true, tls: { use: "system" } } },
      { redis: { auth: true, tls: { use: "system" } } },
      "Redis with a Secret that is there",
    ],
    [
      {
        auth: {
          oidc: {
            ...oidc,
            clientSecret: "s",
            groups: { claim: "g", source: "userinfo", requiredScope: "groups" },
            scopes: ["openid"],
          },
        },
      },
      {
        auth: {
          method: "oidc",
          oidc: {
            ...oidc,
            groups: { claim: "g", source: "userinfo", requiredScope: "groups" },
            scopes: ["openid"],
          },
        },
      },
      "OIDC, without the client secret",
    ],
    [
      { auth: { saml: { ...saml, groupsAttributeName: "g", certificate: "C", privateKey: "K" } } },
      { auth: { method: "saml", saml: { ...saml, groupsAttributeName: "g" } } },
      "SAML, without certificate and key",
    ],
    [
      { auth: { saml: { idpRawMetadata: "<xml/>", certificateSecret: "cert" } } },
      { auth: { method: "saml", saml: { idpRawMetadata: "<xml/>" } } },
      "SAML with the metadata itself",
    ],
    [
      {
        auth: {
          autoProvisionedAdminEmails: ["a@b.example"],
          autoProvisionedMembershipOrganizations: { acme: "ORGANIZATION_ROLE_MEMBER" },
          allowPublicAccess: true,
        },
      },
      {
        auth: {
          autoProvisionedAdminEmails: ["a@b.example"],
          autoProvisionedMembershipOrganizations: { acme: "ORGANIZATION_ROLE_MEMBER" },
          allowPublicAccess: true,
        },
      },
      "what users may, with no method where none is given",
    ],
    [
      {
        bufd: {
          ingress: { enabled: true, className: "nginx", annotations: labels, hosts: [{ host }], tls: [{}] },
          tls: { enabled: true, secretName: "cert" },
          service: { annotations: labels },
          serviceAccount: { annotations: labels },
          deployment: { podLabels: labels },
        },
        ociregistry: { serviceAccount: { annotations: labels }, deployment: { podLabels: labels } },
      },
      {
        bufd: {
          ingress: { enabled: true, className: "nginx", annotations: labels, hosts: [{ host }], tls: [{}] },
          tls: { enabled: true, secretName: "cert" },
          service: { annotations: labels },
          serviceAccount: { annotations: labels },
          deployment: { podLabels: labels },
        },
        ociregistry: { serviceAccount: { annotations: labels }, deployment: { podLabels: labels } },
      },
      "Ingress, TLS and identities as they are",
    ],
    [
      {
        observability: {
          metrics: {
            use: "prometheus",
            runtime: true,
            prometheus: { podLabels: labels, port: 9090, path: "/m" },
          },
        },
      },
      {
        observability: {
          metrics: {
            use: "prometheus",
            runtime: true,
            prometheus: { podLabels: labels, port: 9090, path: "/m" },
          },
        },
      },
      "metrics as they are",
    ],
    [{ clientTLSSecrets: { ca: "ca.crt" } }, { clientTLSSecrets: { ca: "ca.crt" } }, "trusted certificates"],
    [{ featureFlags: { new: true } }, { featureFlags: { new: true } }, "feature flags"],
    [
      {
        notifications: {
          smtp: { hostname: "mail", port: 25, username: "u", fromDomain: "example.com" },
          password: "pw",
        },
      },
      {
        notifications: {
          use: "smtp",
          smtp: { hostname: "mail", port: 25, username: "u", fromDomain: "example.com" },
        },
      },
      "mail, without the password",
    ],
    [{ notifications: { passwordSecret: "mail" } }, {}, "no mail without a server"],
    [
      { maxBodySizeBytes: 2147483648 },
      { maxBodySizeBytes: "2147483648" },
      "a large number as text: Helm would print 2.147483648e+09",
    ],
    [
      { mavenRegistry: { generationTimeout: "10m" } },
      { mavenRegistry: { generationTimeout: "10m" } },
      "the time that the generation of SDKs may take",
    ],
    [
      {
        bufjavacompilerd: {
          registry: { url: "https://m", username: "u", password: "pw" },
          trustStore: { secret: "jks" },
        },
      },
      { bufjavacompilerd: { registry: { url: "https://m", username: "u" }, trustStore: { custom: true } } },
      "the Maven mirror, without its secrets",
    ],
  ];
  for (const [given, expected, because] of rows) {
    it(`of ${JSON.stringify(given)}: ${because}`, async () => {
      assert.deepEqual(await valuesOf(given), { host, ...expected });
    });
  }

  it("have, all together, every value that is documented", () => {
    const produced = new Set(rows.flatMap(([, expected]) => leaves({ host, ...expected })));
    const isThere = (path: string) =>
      produced.has(path) || [...produced].some((one) => one.startsWith(`${path}.`));
    assert.deepEqual(
      documented.filter((path) => !isThere(path)),
      [],
    );
  });

  it("hold no argument that goes into a Secret", async () => {
    const values = await valuesOf({
      registry: { username: "u", password: "in-a-secret" },
      postgres: { password: "in-a-secret" },
      redis: { address: "in-a-secret", auth: "in-a-secret", ca: "in-a-secret", tls: { use: "local" } },
      storage: { s3: { bucketName: "b", accessKeyId: "id", secretAccessKey: "in-a-secret" } },
      auth: { oidc: { ...oidc, clientSecret: "in-a-secret" } },
      notifications: { smtp: { hostname: "mail" }, password: "in-a-secret" },
      bufjavacompilerd: {
        registry: { url: "https://m", username: "u", password: "in-a-secret" },
        trustStore: { cacerts: "aW4=", password: "in-a-secret" },
      },
    });
    assert.doesNotMatch(JSON.stringify(values), /in-a-secret|aW4=/);
  });

  it("keep the license secret, and take what is only known later", async () => {
    const { args } = prepare({
      version: "1.16.1",
      host: pulumi.output(host),
      license: "key",
      postgres: { host: pulumi.output("db") },
      maxBodySizeBytes: pulumi.output(5),
    });
    const values = typedValues(args);
    assert.ok(await isSecret((values["license"] as { key: unknown }).key));
    assert.deepEqual(await known(pulumi.output(values)), {
      host,
      license: { key: "key" },
      postgres: { host: "db" },
      maxBodySizeBytes: "5",
    });
  });
});

/** Buf's pages on installation and configuration. */
const documented = [
  "host",
  "license.key",
  "imagePullSecrets",
  "storage.use",
  ...["bucketName", "region", "forcePathStyle", "insecure", "endpoint", "accessKeyId"].map(
    (key) => `storage.s3.${key}`,
  ),
  ...["accountName", "container", "useAccountKey"].map((key) => `storage.azure.${key}`),
  "storage.gcs.bucketName",
  ...[
    "host",
    "port",
    "database",
    "user",
    "maxConnections",
    "cloudSqlInstance",
    "impersonateServiceAccount",
  ].map((key) => `postgres.${key}`),
  "redis.auth",
  "redis.tls.use",
  "auth.method",
  ...["issuerURL", "clientID", "groups", "scopes"].map((key) => `auth.oidc.${key}`),
  ...["idpMetadataURL", "idpRawMetadata", "groupsAttributeName"].map((key) => `auth.saml.${key}`),
  "auth.autoProvisionedAdminEmails",
  "auth.autoProvisionedMembershipOrganizations",
  "auth.allowPublicAccess",
  ...["enabled", "className", "annotations", "hosts", "tls"].map((key) => `bufd.ingress.${key}`),
  "bufd.tls.enabled",
  "bufd.tls.secretName",
  "bufd.service.annotations",
  "bufd.serviceAccount.annotations",
  "bufd.deployment.podLabels",
  "ociregistry.serviceAccount.annotations",
  "ociregistry.deployment.podLabels",
  "observability.metrics.use",
  "observability.metrics.runtime",
  ...["podLabels", "port", "path"].map((key) => `observability.metrics.prometheus.${key}`),
  "clientTLSSecrets",
  "featureFlags",
  "notifications.use",
  ...["hostname", "port", "username", "fromDomain"].map((key) => `notifications.smtp.${key}`),
  "maxBodySizeBytes",
  "mavenRegistry.generationTimeout",
  "bufjavacompilerd.registry.url",
  "bufjavacompilerd.registry.username",
  "bufjavacompilerd.trustStore.custom",
];

describe("arguments that contradict each other", () => {
  const s3 = { bucketName: "b" };
  const azure = { accountName: "a", container: "c" };
  const refused: [Record<string, unknown>, string[], string][] = [
    [
      { registry: { username: "robot" } },
      ["registry: username (robot) has no effect without password; give it too, or remove username"],
      "a user has a password",
    ],
    [
      { postgres: { host: "db", cloudSqlInstance: "p:r:i" } },
      ["postgres: host (db) and cloudSqlInstance (p:r:i) exclude each other; keep one of them"],
      "one way to the database, both values named",
    ],
    [
      { postgres: { port: 5432, cloudSqlInstance: "p:r:i", password: "pw", passwordSecret: "s" } },
      [
        "postgres: port (5432) and cloudSqlInstance (p:r:i) exclude each other; keep one of them",
        "postgres: password and cloudSqlInstance (p:r:i) exclude each other; keep one of them",
        "postgres: passwordSecret (s) and cloudSqlInstance (p:r:i) exclude each other; keep one of them",
        "postgres: password and passwordSecret (s) exclude each other; keep one of them",
      ],
      "all at once, and no secret is shown",
    ],
    [
      { postgres: { impersonateServiceAccount: "x" } },
      [
        "postgres: impersonateServiceAccount (x) has no effect without cloudSqlInstance; give it too, or remove impersonateServiceAccount",
      ],
      "only Cloud SQL knows Google's accounts",
    ],
    [{ redis: {} }, ["redis: address or secret must be given"], "Redis has an address"],
    [
      { redis: { address: "r:1", auth: "token", ca: "PEM", secret: "s", tls: { use: "local" } } },
      [
        "redis: address (r:1) and secret (s) exclude each other; keep one of them",
        "redis: auth and secret (s) exclude each other; keep one of them",
        "redis: ca and secret (s) exclude each other; keep one of them",
      ],
      "a Secret that is there has all of it",
    ],
    [
      { redis: { address: "r:1", secretHasAuth: true } },
      ["redis: secretHasAuth (true) has no effect without secret; give it too, or remove secretHasAuth"],
      "it tells what is in the Secret",
    ],
    [
      { redis: { address: "r:1", tls: { use: "local" } } },
      ["redis: tls.use (local) needs ca, the authority to trust; give it, or set tls.use to system"],
      "local TLS needs an authority",
    ],
    [
      { redis: { address: "r:1", ca: "PEM", tls: { use: "system" } } },
      ["redis: ca has no effect with tls.use (system); set tls.use to local, or remove ca"],
      "only local TLS reads it",
    ],
    [
      { redis: { address: "r:1", ca: "PEM" } },
      ["redis: ca has no effect with tls.use (false); set tls.use to local, or remove ca"],
      "nor does no TLS",
    ],
    [
      { redis: { address: "r:1", tls: { use: false } } },
      ['redis.tls.use: must be "false" (text, in quotes), local or system'],
      "YAML's false is no text",
    ],
    [{ storage: {} }, ["storage: s3, azure or gcs must be given"], "one store"],
    [
      { storage: { s3, azure, gcs: s3 } },
      ["storage: s3, azure and gcs exclude each other; keep one of them"],
      "and no more",
    ],
    [
      { storage: { s3: { ...s3, accessKeyId: "id", secretAccessKey: "k", secretAccessKeySecret: "s" } } },
      ["storage.s3: secretAccessKey and secretAccessKeySecret (s) exclude each other; keep one of them"],
      "a key once",
    ],
    [
      { storage: { s3: { ...s3, accessKeyId: "id" } } },
      [
        "storage.s3: accessKeyId (id) has no effect without secretAccessKey or secretAccessKeySecret; give it too, or remove accessKeyId",
      ],
      "an id has a key",
    ],
    [
      { storage: { s3: { ...s3, secretAccessKey: "k" } } },
      [
        "storage.s3: secretAccessKey has no effect without accessKeyId; give it too, or remove secretAccessKey",
      ],
      "a key has an id",
    ],
    [
      { storage: { s3: { ...s3, secretAccessKeySecret: "s" } } },
      [
        "storage.s3: secretAccessKeySecret (s) has no effect without accessKeyId; give it too, or remove secretAccessKeySecret",
      ],
      "also one in a Secret",
    ],
    [
      { storage: { azure: { ...azure, accountKey: "k", accountKeySecret: "s" } } },
      ["storage.azure: accountKey and accountKeySecret (s) exclude each other; keep one of them"],
      "a key once",
    ],
    [
      { auth: { oidc, saml: { ...saml, certificateSecret: "c" } } },
      ["auth: oidc and saml exclude each other; keep one of them"],
      "one way to log in",
    ],
    [
      { auth: { oidc: { ...oidc, clientSecret: "s", clientSecretSecret: "n" } } },
      ["auth.oidc: clientSecret and clientSecretSecret (n) exclude each other; keep one of them"],
      "a client secret once",
    ],
    [{ auth: { saml: {} } }, ["auth.saml: idpMetadataURL or idpRawMetadata must be given"], "metadata"],
    [
      { auth: { saml: { idpMetadataURL: "https://id", idpRawMetadata: "<x/>", certificateSecret: "c" } } },
      [
        "auth.saml: idpMetadataURL (https://id) and idpRawMetadata (<x/>) exclude each other; keep one of them",
      ],
      "metadata once",
    ],
    [
      { auth: { saml: { ...saml, certificate: "-----BEGIN CERTIFICATE-----\nabc" } } },
      ["auth.saml: certificate has no effect without privateKey; give it too, or remove certificate"],
      "a certificate has a key, and is too long to be shown",
    ],
    [
      { auth: { saml: { ...saml, privateKey: "K", certificateSecret: "c" } } },
      ["auth.saml: privateKey has no effect without certificate; give it too, or remove privateKey"],
      "a key has a certificate",
    ],
    [
      { auth: { saml: { ...saml, certificate: "C", privateKey: "K", certificateSecret: "c" } } },
      ["auth.saml: certificate (C) and certificateSecret (c) exclude each other; keep one of them"],
      "a certificate once",
    ],
    [
      { auth: { autoProvisionedMembershipOrganizations: { acme: "OWNER" } } },
      [
        "auth.autoProvisionedMembershipOrganizations.acme: must be ORGANIZATION_ROLE_MEMBER, ORGANIZATION_ROLE_ADMIN, ORGANIZATION_ROLE_OWNER or ORGANIZATION_ROLE_MACHINE",
      ],
      "roles have long names",
    ],
    [
      { bufd: { tls: { enabled: false, secretName: "cert" } } },
      ["bufd.tls: enabled (false) and secretName contradict each other; keep one of them"],
      "a certificate is served or not",
    ],
    [
      { bufd: { ingress: { hosts: [{ host: "a.example" }, { host: "b.example" }] } } },
      ["host (bsr.example.com) must be one of bufd.ingress.hosts (a.example, b.example); make them the same"],
      "the Ingress serves the host",
    ],
    [
      { notifications: { smtp: { hostname: "m" }, password: "pw", passwordSecret: "s" } },
      ["notifications: password and passwordSecret (s) exclude each other; keep one of them"],
      "a password once",
    ],
    [
      { notifications: { smtp: { host: "mail" } } },
      [
        "notifications.smtp.hostname: must be given",
        "notifications.smtp.host: there is no such key; did you mean hostname?",
      ],
      "the mail server's keys are known",
    ],
    [
      { bufjavacompilerd: { registry: { url: "u", password: "pw", passwordSecret: "s" } } },
      [
        "bufjavacompilerd.registry: password and passwordSecret (s) exclude each other; keep one of them",
        "bufjavacompilerd.registry: password has no effect without username; give it too, or remove password",
        "bufjavacompilerd.registry: passwordSecret (s) has no effect without username; give it too, or remove passwordSecret",
      ],
      "a password once, and of a user",
    ],
    [
      { bufjavacompilerd: { trustStore: { cacerts: "aW4=", secret: "s" } } },
      [
        "bufjavacompilerd.trustStore: cacerts and secret (s) exclude each other; keep one of them",
        "bufjavacompilerd.trustStore: cacerts has no effect without password; give it too, or remove cacerts",
      ],
      "a trust store once",
    ],
    [
      { bufjavacompilerd: { trustStore: { password: "pw", secret: "s" } } },
      [
        "bufjavacompilerd.trustStore: password and secret (s) exclude each other; keep one of them",
        "bufjavacompilerd.trustStore: password has no effect without cacerts; give it too, or remove password",
      ],
      "with its password",
    ],
    [
      { bufjavacompilerd: { trustStore: { cacerts: "no base64!", password: "pw" } } },
      ["bufjavacompilerd.trustStore.cacerts: must be a file in base64"],
      "a file is given in base64",
    ],
    [
      { postgres: { port: 0, maxConnections: 0 }, maxBodySizeBytes: 0.5 },
      [
        "postgres.port: must be a port, 1 to 65535",
        "postgres.maxConnections: must be 1 or more",
        "maxBodySizeBytes: must be a whole number",
      ],
      "numbers have their bounds",
    ],
    [
      { postgres: { host: "db", port: 5432 }, values: { postgres: { host: "other", port: 5432 } } },
      ['values.postgres.host ("other") and the argument postgres.host ("db") differ; keep one of them'],
      "a value that is given twice is the same",
    ],
    [
      { license: "one", values: { license: { key: "two" } } },
      ["values.license.key and the argument license differ; keep one of them"],
      "a secret is not shown",
    ],
    [
      { valuesFor: [{ versions: "*", values: { postgres: { host: "other" } } }] },
      [
        "valuesFor.0.values.postgres.host: the database cannot change on the way; set it in postgres, for all releases",
      ],
      "one database is one instance",
    ],
    [
      { valuesFile: "no/such/values.yaml" },
      ["valuesFile: no/such/values.yaml does not exist; give its path from the project's folder"],
      "the file is there",
    ],
  ];
  for (const [given, problems, because] of refused) {
    it(`are refused as ${JSON.stringify(given)}: ${because}`, () => {
      assert.throws(
        () => prepare({ version: "1.16.1", host, ...given }),
        (error: unknown) => {
          assert.ok(error instanceof ArgumentError, String(error));
          assert.deepEqual(error.problems, problems);
          return true;
        },
      );
    });
  }
});
