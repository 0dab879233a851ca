import { CoreV1Api, type V1Secret } from "../../../kubernetes-client";
import { ifFound } from "../../cluster/connection";
import type { Context } from "../context";
import type { Owner } from "./owner";

/**
 * Saves what runs an owner's binary before the older release is deployed: Helm may drop the owner's revision, and a
 * transition may continue much later. It is a Secret, because it holds the chart's Secrets.
 */
export async function saveOwner({ cluster, setting }: Context, owner: Owner): Promise<void> {
  const core = cluster.makeApiClient(CoreV1Api);
  const { namespace, release } = setting;
  const name = secretName(release, owner.version);
  const body: V1Secret = {
    metadata: {
      name,
      namespace,
      labels: { "app.kubernetes.io/managed-by": "pulumi-bsr", "app.kubernetes.io/instance": release },
    },
    stringData: { owner: JSON.stringify(owner) },
  };
  const present = await ifFound(core.readNamespacedSecret({ namespace, name }));
  if (present === undefined) await core.createNamespacedSecret({ namespace, body });
  else await core.replaceNamespacedSecret({ namespace, name, body });
}

/** Returns what was saved, or `undefined`. */
export async function savedOwner({ cluster, setting }: Context, version: string): Promise<Owner | undefined> {
  const { namespace, release } = setting;
  const core = cluster.makeApiClient(CoreV1Api);
  const secret = await ifFound(core.readNamespacedSecret({ namespace, name: secretName(release, version) }));
  const stored = secret?.data?.["owner"];
  return stored === undefined ? undefined : (JSON.parse(Buffer.from(stored, "base64").toString()) as Owner);
}

export async function forgetOwner({ cluster, setting }: Context, version: string): Promise<void> {
  const { namespace, release } = setting;
  const core = cluster.makeApiClient(CoreV1Api);
  await ifFound(core.deleteNamespacedSecret({ namespace, name: secretName(release, version) }));
}

function secretName(release: string, version: string): string {
  return `${release}-owner-${version}`;
}
