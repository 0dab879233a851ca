import { CoreV1Api } from "../../kubernetes-client";
import * as pulumi from "@pulumi/pulumi";
import { connect, ifFound, type Connection } from "../../migrations/cluster/connection";

/** Reads some keys of a Secret, in base64 as Kubernetes has them; a key that it lacks is left out. */
export async function readExistingSecret(
  connection: Connection,
  namespace: string,
  name: string,
  keys: readonly string[],
): Promise<Record<string, string>> {
  try {
    const core = connect(connection).makeApiClient(CoreV1Api);
    const secret = await ifFound(core.readNamespacedSecret({ namespace, name }));
    return Object.fromEntries(
      keys.flatMap((key) => (secret?.data?.[key] === undefined ? [] : [[key, secret.data[key]]])),
    );
  } catch (error) {
    // A preview that cannot reach the cluster says so in its plan, and still shows the rest.
    if (pulumi.runtime.isDryRun()) return {};
    throw error;
  }
}
