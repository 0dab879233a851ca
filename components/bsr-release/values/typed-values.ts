import * as pulumi from "@pulumi/pulumi";
import type { CheckedArgs } from "../args";
import { documentedSecrets } from "../secrets/documented";
import type { Values } from "./values";

/**
 * Returns the chart's values that the typed arguments stand for. The blocks have the chart's own names. What is left
 * out here goes into Kubernetes Secrets (secrets.ts). The block that is given decides which method is used.
 */
export function typedValues(args: CheckedArgs): Values {
  const { registry, license, postgres, redis, storage, auth, bufjavacompilerd, notifications } = args;
  const pullSecret =
    registry?.pullSecret ?? (registry?.password === undefined ? undefined : documentedSecrets.pull);
  return pruned({
    host: args.host,
    imagePullSecrets: pullSecret === undefined ? undefined : [{ name: pullSecret }],
    license: license === undefined ? undefined : { key: license },
    postgres: without(postgres, "password", "passwordSecret"),
    redis: redis === undefined ? undefined : redisValues(redis),
    storage: storage === undefined ? undefined : storageValues(storage),
    auth: auth === undefined ? undefined : authValues(auth),
    bufd: args.bufd,
    ociregistry: args.ociregistry,
    bufjavacompilerd: bufjavacompilerd === undefined ? undefined : javaValues(bufjavacompilerd),
    observability: args.observability,
    notifications: notifications?.smtp === undefined ? undefined : { use: "smtp", smtp: notifications.smtp },
    clientTLSSecrets: args.clientTLSSecrets,
    featureFlags: args.featureFlags,
    // As text: Helm would print a large number as 2.147483648e+09.
    maxBodySizeBytes:
      args.maxBodySizeBytes === undefined ? undefined : pulumi.output(args.maxBodySizeBytes).apply(String),
    mavenRegistry: args.mavenRegistry,
  });
}

function redisValues({ auth, tls, secretHasAuth = false }: NonNullable<CheckedArgs["redis"]>): Values {
  return { auth: auth !== undefined || secretHasAuth, tls };
}

function storageValues({ s3, azure, gcs }: NonNullable<CheckedArgs["storage"]>): Values {
  if (s3 !== undefined) return { use: "s3", s3: without(s3, "secretAccessKey", "secretAccessKeySecret") };
  if (azure !== undefined) {
    const useAccountKey = azure.accountKey !== undefined || azure.accountKeySecret !== undefined;
    return { use: "azure", azure: { ...without(azure, "accountKey", "accountKeySecret"), useAccountKey } };
  }
  return { use: "gcs", gcs };
}

function authValues({ oidc, saml, ...rest }: NonNullable<CheckedArgs["auth"]>): Values {
  if (oidc !== undefined) {
    return { ...rest, method: "oidc", oidc: without(oidc, "clientSecret", "clientSecretSecret") };
  }
  if (saml !== undefined) {
    return { ...rest, method: "saml", saml: without(saml, "certificate", "privateKey", "certificateSecret") };
  }
  return rest;
}

function javaValues({ registry, trustStore }: NonNullable<CheckedArgs["bufjavacompilerd"]>): Values {
  return {
    registry: without(registry, "password", "passwordSecret"),
    trustStore: trustStore === undefined ? undefined : { custom: true },
  };
}

function without<T extends object, K extends keyof T>(
  block: T | undefined,
  ...keys: K[]
): Omit<T, K> | undefined {
  if (block === undefined) return undefined;
  const left = Object.entries(block).filter(([key]) => !(keys as readonly PropertyKey[]).includes(key));
  return Object.fromEntries(left) as Omit<T, K>;
}

/** Leaves out what is absent: a null would remove the chart's default. */
function pruned(values: Values): Values {
  return Object.fromEntries(
    Object.entries(values).flatMap(([key, value]) => {
      if (value === undefined) return [];
      const isPlainMap =
        typeof value === "object" && value !== null && Object.getPrototypeOf(value) === Object.prototype;
      return [[key, isPlainMap ? pruned(value as Values) : value]];
    }),
  );
}
