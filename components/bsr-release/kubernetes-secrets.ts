import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import type { CheckedArgs } from "./args";
import { madeHere } from "../migrations/preflight";
import { chartSecrets } from "./secrets";

/**
 * Makes the Secrets that the chart reads, under the names that it has for them. One that exists under another name
 * is copied: the chart cannot be told its name.
 */
export function makeSecrets(
  name: string,
  args: CheckedArgs,
  opts: pulumi.CustomResourceOptions,
): kubernetes.core.v1.Secret[] {
  const { namespace } = args;
  return chartSecrets(args).flatMap((secret) => {
    const { content, type } = secret;
    if ("existing" in content && content.existing === secret.name) return [];
    const data =
      "existing" in content
        ? { data: existing(name, namespace, content.existing, content.keys, opts) }
        : { stringData: content.data, ...(content.files === undefined ? {} : { data: content.files }) };
    return [
      new kubernetes.core.v1.Secret(
        `${name}-${secret.name}`,
        { metadata: { name: secret.name, namespace, labels: madeHere }, type, ...data },
        opts,
      ),
    ];
  });
}

function existing(
  name: string,
  namespace: string,
  of: string,
  keys: readonly string[],
  { parent, provider }: pulumi.CustomResourceOptions,
): pulumi.Output<Record<string, string>> {
  const read = kubernetes.core.v1.Secret.get(`${name}-${of}`, `${namespace}/${of}`, {
    ...(parent === undefined ? {} : { parent }),
    ...(provider === undefined ? {} : { provider }),
  });
  const data = read.data.apply((all) =>
    Object.fromEntries(keys.flatMap((key) => (all[key] === undefined ? [] : [[key, all[key]]]))),
  );
  return pulumi.secret(data);
}
