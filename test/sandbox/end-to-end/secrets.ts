import { exec } from "../../../sandbox/exec";
import type { Instance } from "../../../sandbox/instance";

export interface LiveSecret {
  readonly uid: string;
  readonly type: string;
  /** What is in it, decoded. */
  readonly data: Readonly<Record<string, string>>;
}

/** A Secret in the instance's namespace. */
export async function liveSecret({ namespace, env }: Instance, name: string): Promise<LiveSecret> {
  const text = await exec("kubectl", ["get", "secret", name, "-n", namespace, "-o", "json"], { env });
  const { metadata, type, data } = JSON.parse(text) as {
    metadata: { uid: string };
    type: string;
    data: Record<string, string>;
  };
  const decoded = Object.entries(data).map(
    ([key, value]) => [key, Buffer.from(value, "base64").toString()] as const,
  );
  return { uid: metadata.uid, type, data: Object.fromEntries(decoded) };
}

/** Makes a Secret, or changes it, as an operator would. */
export async function applySecret(
  { namespace, env }: Instance,
  name: string,
  stringData: Readonly<Record<string, string>>,
): Promise<void> {
  const secret = { apiVersion: "v1", kind: "Secret", metadata: { name, namespace }, stringData };
  await exec("kubectl", ["apply", "-f", "-"], { env, input: JSON.stringify(secret) });
}
