import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { madeHere } from "../../migrations/preflight/made-here";
import type { CheckedArgs } from "../args";
import type * as reader from "./existing-secret";
import { chartSecrets, type ChartSecret } from "./secrets";

/**
 * Makes the Secrets that the chart reads, under the chart's names for them. One that exists under another name is
 * copied again in every run, because the chart's name for it cannot be changed.
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
 * Reads the data of an existing Secret. `Secret.get` would keep the whole object in the stack's state. That includes,
 * in the clear, the annotation in which `kubectl apply` repeats the data.
 */
function copied(
  { kubeconfig, context, namespace }: CheckedArgs,
  { existing, keys }: Extract<ChartSecret["content"], { existing: string }>,
  preflight: pulumi.Output<pulumi.Resource[]>,
): pulumi.Output<Record<string, string>> {
  // Read only after the ledger has planned: its preflight reports a missing Secret, and says what to do.
  const data = pulumi.all([kubeconfig, preflight.apply(() => true)]).apply(([config]) => {
    // The Kubernetes client takes long to load, and few programs copy a Secret.
    // eslint-disable-next-line @typescript-eslint/no-require-imports
    const { readExistingSecret } = require("./existing-secret") as typeof reader;
    return readExistingSecret({ kubeconfig: config, context }, namespace, existing, keys);
  });
  return pulumi.secret(data);
}
