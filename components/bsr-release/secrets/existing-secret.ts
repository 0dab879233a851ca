import { CoreV1Api } from "../../kubernetes-client";
import * as pulumi from "@pulumi/pulumi";
import { connect, ifFound, type Connection } from "../../migrations/cluster/connection";

/** What stands under some keys of a Secret, base64 as Kubernetes has it; a key that it lacks is left out. */
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
    // A preview that cannot reach the cluster says so in its plan, and shows the rest all the same.
    if (pulumi.runtime.isDryRun()) return {};
    throw error;
  }
}
