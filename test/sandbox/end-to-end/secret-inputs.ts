import { randomBytes } from "node:crypto";
import { dockerConfig } from "../../../components/migrations/cluster/registry-login";
import type { Configuration } from "../../../sandbox/stack";

/** A value that occurs nowhere else, with what has to be escaped in a URL and in JSON. */
export const marked = (name: string) => `${name}-${randomBytes(8).toString("hex")}/+"&`;

const markedFile = (name: string) => Buffer.from(marked(name)).toString("base64");

function markedKey(): string {
  const lines = [1, 2, 3].map(() => randomBytes(48).toString("base64"));
  return ["-----BEGIN PRIVATE KEY-----", ...lines, "-----END PRIVATE KEY-----"].join("\n");
}

/** Arguments that have secrets, beside what the instance has. */
export interface SecretArguments {
  /** Without its secrets. */
  readonly configuration: Configuration;
  /** By the path of the argument. */
  readonly secrets: Readonly<Record<string, string>>;
}

/** Secret arguments whose values are the instance's own. */
export const ofInstance = ["kubeconfig", "postgres.password", "registry.password"];

/** Every secret is given; some arguments exclude each other, so that the others are in {@link withExisting}. */
export function allGiven(): SecretArguments {
  return {
    configuration: {
      redis: { address: "redis.example.com:6379", tls: { use: "local" } },
      storage: { s3: { bucketName: "modules", region: "eu-central-1", accessKeyId: "AKIA0" } },
      auth: { oidc: { issuerURL: "https://login.example.com", clientID: "bsr" } },
      notifications: { smtp: { hostname: "smtp.example.com", username: "bsr" } },
      bufjavacompilerd: { registry: { url: "https://maven.example.com", username: "bsr" } },
      valuesFor: [{ versions: ">=1.0.0", values: { extra: { colour: "blue" } } }],
    },
    secrets: {
      license: marked("license"),
      "redis.auth": marked("redis"),
      "redis.ca": marked("authority"),
      "storage.s3.secretAccessKey": marked("storage"),
      "auth.oidc.clientSecret": marked("client"),
      "notifications.password": marked("smtp"),
      "bufjavacompilerd.registry.password": marked("maven"),
      "bufjavacompilerd.trustStore.cacerts": markedFile("cacerts"),
      "bufjavacompilerd.trustStore.password": marked("store"),
      "values.extra.token": marked("value"),
      "valuesFor[0].values.extra.later": marked("later"),
    },
  };
}

/** A Secret that is there before the stack is, and that the arguments name. */
export interface ExistingSecret {
  readonly name: string;
  readonly data: Readonly<Record<string, string>>;
}

/** Whatever can be in an existing Secret is, but for what {@link allGiven} leaves to this. */
export function withExisting(postgresPassword: string): SecretArguments & {
  readonly existing: readonly ExistingSecret[];
  /** All that is secret in them. */
  readonly hidden: Readonly<Record<string, string>>;
} {
  const login = { username: "robot", password: marked("images") };
  const hidden = {
    database: postgresPassword,
    images: login.password,
    cache: marked("redis"),
    authority: marked("authority"),
    mail: marked("smtp"),
    maven: marked("maven"),
    cacerts: marked("cacerts"),
    store: marked("store"),
  };
  return {
    configuration: {
      registry: { pullSecret: "images" },
      redis: { secret: "cache", secretHasAuth: true, tls: { use: "local" } },
      storage: { azure: { accountName: "modules", container: "modules" } },
      auth: { saml: { idpMetadataURL: "https://login.example.com/metadata", certificate: "A CERTIFICATE" } },
      notifications: {
        smtp: { hostname: "smtp.example.com", username: "bsr" },
        passwordSecret: "mail",
      },
      bufjavacompilerd: {
        registry: { url: "https://maven.example.com", username: "bsr", passwordSecret: "maven" },
        trustStore: { secret: "store" },
      },
    },
    secrets: {
      "storage.azure.accountKey": marked("account"),
      "auth.saml.privateKey": markedKey(),
    },
    existing: [
      { name: "database", data: { password: hidden.database } },
      { name: "images", data: { ".dockerconfigjson": dockerConfig("oci://r.example.com/bsr", login) } },
      {
        name: "cache",
        data: { address: "redis.example.com:6379", auth: hidden.cache, ca: hidden.authority },
      },
      { name: "mail", data: { password: hidden.mail } },
      { name: "maven", data: { password: hidden.maven } },
      { name: "store", data: { cacerts: hidden.cacerts, password: hidden.store } },
    ],
    hidden,
  };
}
