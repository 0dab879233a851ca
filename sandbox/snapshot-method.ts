import type { Instance } from "./instance";
import { wantsOwnCluster } from "./own-cluster";

/**
 * The argument `snapshot` for an instance, with the claim that it needs: the sandbox makes no volumes by itself. A
 * cluster of the user's own does, and where there is no image of this machine's, the component's default is taken.
 */
export async function pgDumpFor(instance: Instance): Promise<{ pgDump: { image?: string } }> {
  if (!wantsOwnCluster()) await instance.makeClaim("bsr-snapshots");
  const image = instance.env["BSR_SANDBOX_POSTGRES_IMAGE"];
  return { pgDump: image ? { image } : {} };
}
