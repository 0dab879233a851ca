import { exec } from "../sandbox/exec";
import type { Instance } from "../sandbox/instance";

/** The id of the snapshot that was taken at a version, as the cluster's record has it; `pulumi up` printed it too. */
export async function snapshotOf({ namespace, env }: Instance, version: string): Promise<string> {
  const args = ["get", "configmap", "-n", namespace, "-l", "app.kubernetes.io/managed-by=pulumi-bsr"];
  const text = await exec("kubectl", [...args, "-o", "jsonpath={.items[0].data.record}"], { env });
  const { snapshots } = JSON.parse(text) as { snapshots: { id: string; version: string }[] };
  const found = snapshots.findLast((snapshot) => snapshot.version === version);
  if (found === undefined) throw new Error(`no snapshot was taken at ${version}`);
  return found.id;
}
