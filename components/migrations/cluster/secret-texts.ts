import { CoreV1Api, type KubeConfig } from "../../kubernetes-client";
import { z } from "zod";
import { ifFound, reasonOf } from "./connection";
import { jsonOf } from "./unusable";

/** A Secret, with those of its keys that hold something secret. */
export interface SecretKeys {
  readonly name: string;
  readonly keys: readonly string[];
}

export interface SecretTexts {
  readonly texts: readonly string[];
  /** What could not be read and why, one line for each reason. */
  readonly unread: readonly string[];
}

/** Reads the texts in Secrets of a namespace, as far as the cluster allows. A missing Secret has none. */
export async function secretTexts(
  config: KubeConfig,
  namespace: string,
  secrets: readonly SecretKeys[],
): Promise<SecretTexts> {
  const core = config.makeApiClient(CoreV1Api);
  const unread = new Map<string, string[]>();
  const read = secrets.map(async ({ name, keys }) => {
    try {
      const secret = await ifFound(core.readNamespacedSecret({ namespace, name }));
      return keys.flatMap((key) => textsOf(key, secret?.data?.[key]));
    } catch (error) {
      const why = reasonOf(error).replaceAll(name, "…");
      unread.set(why, [...(unread.get(why) ?? []), name]);
      return [];
    }
  });
  const texts = (await Promise.all(read)).flat();
  return {
    texts,
    unread: [...unread].map(
      ([why, names]) => `not masked, as the Secrets cannot be read: ${names.join(", ")} (${why})`,
    ),
  };
}

/** A value in base64, as the Secret has it, and decoded, as the pods get it. A binary file is only ever shown in base64. */
function textsOf(key: string, data: string | undefined): string[] {
  if (data === undefined) return [];
  const text = Buffer.from(data, "base64").toString();
  return [data, text, ...(key === ".dockerconfigjson" ? registryPasswords(text) : [])];
}

const registriesSchema = z.object({ auths: z.record(z.string(), z.record(z.string(), z.unknown())) });

function registryPasswords(text: string): string[] {
  const { auths = {} } = registriesSchema.safeParse(jsonOf(text)).data ?? {};
  return Object.values(auths).flatMap(({ password, auth, identitytoken, registrytoken }) =>
    asTexts([password, auth, identitytoken, registrytoken]),
  );
}

/** Variables of credential plugins that are not secret and occur in the names of other things. */
const plainVariable = /(PROFILE|REGION)$/;

/** The credentials of a kubeconfig's user; anything malformed is left for the client to refuse. */
const credentialsSchema = z.object({
  token: z.unknown(),
  password: z.unknown(),
  keyData: z.unknown(),
  exec: z
    .object({ env: z.array(z.object({ name: z.string(), value: z.unknown() })) })
    .nullish()
    .catch(null),
  authProvider: z
    .object({ config: z.record(z.string(), z.unknown()) })
    .nullish()
    .catch(null),
});

/** Returns what the users of a kubeconfig log in with. */
export function credentialsOf({ users }: Pick<KubeConfig, "users">): string[] {
  return users.flatMap((user) => {
    const { token, password, keyData, exec, authProvider } = credentialsSchema.parse(user);
    const key = typeof keyData === "string" ? Buffer.from(keyData, "base64").toString() : undefined;
    const variables = (exec?.env ?? []).filter(({ name }) => !plainVariable.test(name));
    return asTexts([
      token,
      password,
      keyData,
      key,
      ...variables.map(({ value }) => value),
      ...Object.entries(authProvider?.config ?? {}).flatMap(([name, value]) =>
        /token|secret/.test(name) ? [value] : [],
      ),
    ]);
  });
}

/** Returns texts, and numbers too, because YAML turns some passwords into numbers. */
function asTexts(values: readonly unknown[]): string[] {
  return values
    .filter((value) => typeof value === "string" || typeof value === "number")
    .map((value) => String(value));
}
