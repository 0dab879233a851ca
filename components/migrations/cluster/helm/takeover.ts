import type { KubeConfig } from "../../../kubernetes-client";
import type { Revision } from "./history";
import { readRevision, writeStatus } from "./storage";

/**
 * Lets Helm install over an existing release by marking its newest revision as failed. `helm install --replace` accepts
 * only such a name, and then adopts every object that the release owns. Nothing that runs is touched, the revision stays
 * in the history, and an upgrade over it works as well.
 *
 * @see https://helm.sh/docs/helm/helm_install/
 */
export async function giveUpRevision(
  config: KubeConfig,
  { namespace, release }: { readonly namespace: string; readonly release: string },
  { revision }: Pick<Revision, "revision">,
): Promise<void> {
  const stored = await readRevision(config, { namespace, release, revision });
  if (stored === undefined || stored.payload.info.status !== "deployed") return;
  await writeStatus(config, stored, "failed", stored.payload.info.description);
}
