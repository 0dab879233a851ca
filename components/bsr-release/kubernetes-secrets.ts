import { CoreV1Api } from "@kubernetes/client-node";
import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { connect, ifFound, type Connection } from "../migrations/cluster/connection";
import { madeHere } from "../migrations/preflight";
import type { CheckedArgs } from "./args";
import { chartSecrets, type ChartSecret } from "./secrets";

/** The keys of a Secret with what stands there, base64 as Kubernetes has it. */
type Data = Record<string, string>;

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
): pulumi.Output<Data> {
  // After the ledger has planned: a Secret that is missing is told by its preflight, with what to do.
  const data = pulumi
    .all([kubeconfig, preflight.apply(() => true)])
    .apply(([config]) => readSecret({ kubeconfig: config, context }, namespace, existing, keys));
  return pulumi.secret(data);
}

async function readSecret(
  connection: Connection,
  namespace: string,
  name: string,
  keys: readonly string[],
): Promise<Data> {
  try {
    const core = connect(connection).makeApiClient(CoreV1Api);
    const secret = await ifFound(core.readNamespacedSecret({ namespace, name }));
    return Object.fromEntries(
      keys.flatMap((key) => (secret?.data?.[key] === undefined ? [] : [[key, secret.data[key]]])),
    );
  } catch (error) {
    // A preview that cannot reach the cluster says so in its plan, and shows the rest all the same.
    if (pulumi.runtime.isDryRun()) return {};
    throw error;
  }
}
