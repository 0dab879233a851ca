import * as pulumi from "@pulumi/pulumi";
import { dockerConfig } from "../../migrations/cluster/registry-login";
import type { SecretKeys } from "../../migrations/cluster/secret-texts";
import type { CheckedArgs } from "../args";
import { documentedKeys, documentedSecrets, plainKeys } from "./documented";

type Texts = Readonly<Record<string, pulumi.Input<string>>>;

/** A Secret that the chart reads: its data, or the existing Secret that it is copied from. */
export interface ChartSecret {
  readonly name: string;
  readonly type: "Opaque" | "kubernetes.io/tls" | "kubernetes.io/dockerconfigjson";
  readonly content:
    /** `data` is plain text, `files` is base64. */
    | { readonly data: Texts; readonly files?: Texts }
    | { readonly existing: string; readonly keys: readonly string[] };
}

/** Returns the Secrets that the arguments ask for. */
export function chartSecrets(args: CheckedArgs): ChartSecret[] {
  const { registry, postgres, redis, storage, auth, notifications, bufjavacompilerd } = args;
  return [
    ...made(documentedSecrets.pull, dockerLogin(args.chart, registry), "kubernetes.io/dockerconfigjson"),
    ...of(documentedSecrets.postgres, "password", postgres?.password, postgres?.passwordSecret),
    ...redisSecret(redis),
    ...of(
      documentedSecrets.storage,
      "secret_access_key",
      storage?.s3?.secretAccessKey,
      storage?.s3?.secretAccessKeySecret,
    ),
    ...of(
      documentedSecrets.storage,
      "account_key",
      storage?.azure?.accountKey,
      storage?.azure?.accountKeySecret,
    ),
    ...oidcSecret(auth?.oidc),
    ...certificate(auth?.saml),
    ...of(documentedSecrets.smtp, "password", notifications?.password, notifications?.passwordSecret),
    ...mavenMirrorSecret(bufjavacompilerd?.registry),
    ...trustStoreSecret(bufjavacompilerd?.trustStore),
  ];
}

/** Returns the Secrets that must exist before anything is deployed, because the component does not make them. */
export function neededSecrets(args: CheckedArgs): { name: string; keys: readonly string[] }[] {
  const pull = args.registry?.pullSecret;
  return [
    ...(pull === undefined ? [] : [{ name: pull, keys: [".dockerconfigjson"] }]),
    ...chartSecrets(args).flatMap(({ content }) =>
      "existing" in content ? [{ name: content.existing, keys: content.keys }] : [],
    ),
  ];
}

/** Returns the names of the Secrets that the component makes, and that nobody else may have made. */
export function madeSecrets(args: CheckedArgs): string[] {
  return chartSecrets(args)
    .filter(({ name, content }) => !("existing" in content && content.existing === name))
    .map(({ name }) => name);
}

/** Returns the secret keys to mask in all output, of the Secrets that the chart reads and those the arguments name. */
export function secretsToMask(args: CheckedArgs): SecretKeys[] {
  const named = neededSecrets(args).filter(({ name }) => !documentedKeys.some((one) => one.name === name));
  return [
    ...documentedKeys,
    ...named
      .map(({ name, keys }) => ({ name, keys: keys.filter((key) => !plainKeys.includes(key)) }))
      .filter(({ keys }) => keys.length > 0),
  ];
}

function of(
  name: string,
  key: string,
  value: pulumi.Input<string> | undefined,
  existing: string | undefined,
): ChartSecret[] {
  if (value !== undefined) return made(name, { [key]: value });
  return existing === undefined ? [] : [{ name, type: "Opaque", content: { existing, keys: [key] } }];
}

function made(name: string, data: Texts | undefined, type: ChartSecret["type"] = "Opaque"): ChartSecret[] {
  return data === undefined ? [] : [{ name, type, content: { data } }];
}

function redisSecret(redis: CheckedArgs["redis"]): ChartSecret[] {
  if (redis === undefined) return [];
  const { address, auth, ca, tls, secret, secretHasAuth } = redis;
  const name = documentedSecrets.redis;
  if (secret !== undefined) {
    const keys = [
      "address",
      ...(secretHasAuth === true ? ["auth"] : []),
      ...(tls?.use === "local" ? ["ca"] : []),
    ];
    return [{ name, type: "Opaque", content: { existing: secret, keys } }];
  }
  return made(name, {
    ...(address === undefined ? {} : { address }),
    ...(auth === undefined ? {} : { auth }),
    ...(ca === undefined ? {} : { ca }),
  });
}

/** Login with OpenID Connect needs the client secret, so one that is not given must already exist. */
function oidcSecret(oidc: NonNullable<CheckedArgs["auth"]>["oidc"]): ChartSecret[] {
  if (oidc === undefined) return [];
  const name = documentedSecrets.oidc;
  return of(name, "client_secret", oidc.clientSecret, oidc.clientSecretSecret ?? name);
}

/** The mirror has a Secret only with a username, which needs a password. */
function mavenMirrorSecret(
  registry: NonNullable<CheckedArgs["bufjavacompilerd"]>["registry"],
): ChartSecret[] {
  if (registry?.username === undefined) return [];
  const name = documentedSecrets.javaRegistry;
  return of(name, "password", registry.password, registry.passwordSecret ?? name);
}

function trustStoreSecret(
  trustStore: NonNullable<CheckedArgs["bufjavacompilerd"]>["trustStore"],
): ChartSecret[] {
  if (trustStore === undefined) return [];
  const { cacerts, password, secret } = trustStore;
  const name = documentedSecrets.javaTrustStore;
  const content =
    cacerts === undefined || password === undefined
      ? { existing: secret ?? name, keys: ["cacerts", "password"] }
      : { data: { password }, files: { cacerts } };
  return [{ name, type: "Opaque", content }];
}

/** SAML needs a certificate for the BSR itself, so one that is not given must already exist. */
function certificate(saml: NonNullable<CheckedArgs["auth"]>["saml"]): ChartSecret[] {
  if (saml === undefined) return [];
  const name = documentedSecrets.saml;
  const type = "kubernetes.io/tls";
  const keys = ["tls.crt", "tls.key"];
  const { certificate, privateKey, certificateSecret = name } = saml;
  if (certificate === undefined || privateKey === undefined) {
    return [{ name, type, content: { existing: certificateSecret, keys } }];
  }
  return made(name, { "tls.crt": certificate, "tls.key": privateKey }, type);
}

/** Returns the data that `kubectl create secret docker-registry` writes. */
function dockerLogin(chart: string, registry: CheckedArgs["registry"]) {
  if (registry?.password === undefined || registry.pullSecret !== undefined) return undefined;
  const config = pulumi
    .all([registry.username ?? defaultUsername, registry.password])
    .apply(([username, password]) => dockerConfig(chart, { username, password }));
  return { ".dockerconfigjson": pulumi.secret(config) };
}

/** The user of Buf's registry (https://buf.build/docs/bsr/admin/on-prem/installation/). */
export const defaultUsername = "_json_key_base64";
