import type { SecretKeys } from "../../migrations/cluster/secret-texts";

/** The names of the Secrets that the chart reads (https://buf.build/docs/bsr/admin/on-prem/installation/). */
export const documentedSecrets = {
  pull: "bufpullsecret",
  postgres: "bufd-postgres",
  redis: "bufd-redis",
  storage: "bufd-storage",
  oidc: "bufd-client-secret",
  saml: "bsr-saml-cert",
  smtp: "bufd-smtp-password",
  javaRegistry: "bufjavacompilerd-registry",
  javaTrustStore: "bufjavacompilerd-truststore",
} as const;

/** The secret keys in them, no matter who made them. A Secret under another name is copied into one of these. */
export const documentedKeys: readonly SecretKeys[] = [
  { name: documentedSecrets.pull, keys: [".dockerconfigjson"] },
  { name: documentedSecrets.postgres, keys: ["password"] },
  { name: documentedSecrets.redis, keys: ["auth", "ca"] },
  { name: documentedSecrets.storage, keys: ["secret_access_key", "account_key"] },
  { name: documentedSecrets.oidc, keys: ["client_secret"] },
  { name: documentedSecrets.saml, keys: ["tls.key"] },
  { name: documentedSecrets.smtp, keys: ["password"] },
  { name: documentedSecrets.javaRegistry, keys: ["password"] },
  { name: documentedSecrets.javaTrustStore, keys: ["password", "cacerts"] },
];

/** Keys of a Secret that are not secret, and that useful messages may show: an address, a certificate. */
export const plainKeys: readonly string[] = ["address", "tls.crt"];
