import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { madeHere } from "../../migrations/preflight/made-here";
import type { CheckedArgs } from "../args";
import type * as reader from "./existing-secret";
import { chartSecrets, type ChartSecret } from "./secrets";

/**
 * Makes the Secrets that the chart reads, under the names that it has for them. One that exists under another name
 * is copied, anew in every run: the chart cannot be told its name.
 */
export function makeSecrets(
  name: string,
  args: CheckedArgs,
  preflight: pulumi.Output<pulumi.Resource[]>,
  opts: pulumi.CustomResourceOptions,
): kubernetes.core.v1.Secret[] {
  const { namespace } = args;
  return chartSecrets(args).flatMap((secret) => {
    const { content, type } = secret;
    if ("existing" in content && content.existing === secret.name) return [];
    const data =
      "existing" in content
        ? { data: copied(args, content, preflight) }
        : { stringData: content.data, ...(content.files === undefined ? {} : { data: content.files }) };
    return [
      new kubernetes.core.v1.Secret(
        `${name}-${secret.name}`,
        { metadata: { name: secret.name, namespace, labels: madeHere }, type, ...data },
        { ...opts, dependsOn: preflight },
      ),
    ];
  });
}

/**
 * What stands in an existing Secret. Read here and not by `Secret.get`: that would keep all of the object in the stack's
 * state, also the annotation in which `kubectl apply` repeats the data, and that one in the clear.
 */
function copied(
  { kubeconfig, context, namespace }: CheckedArgs,
  { existing, keys }: Extract<ChartSecret["content"], { existing: string }>,
  preflight: pulumi.Output<pulumi.Resource[]>,
): pulumi.Output<Record<string, string>> {
  // After the ledger has planned: a Secret that is missing is told by its preflight, with what to do.
  const data = pulumi.all([kubeconfig, preflight.apply(() => true)]).apply(([config]) => {
    // The Kubernetes client takes long to load, and few programs copy a Secret.
    // eslint-disable-next-line @typescript-eslint/no-require-imports
    const { readExistingSecret } = require("./existing-secret") as typeof reader;
    return readExistingSecret({ kubeconfig: config, context }, namespace, existing, keys);
  });
  return pulumi.secret(data);
}
