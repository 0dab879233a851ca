import { CoreV1Api, KubeConfig, Watch, type V1Pod } from "@kubernetes/client-node";
import type { Instance } from "../../../sandbox/instance";

/** How many versions had pods at the same time, told by every event of the API server, not by samples. */
export interface VersionWatch {
  /** The most crowded moment. */
  readonly most: readonly string[];
  stop(): void;
}

export async function watchVersions(instance: Instance): Promise<VersionWatch> {
  const config = new KubeConfig();
  config.loadFromFile(instance.env["KUBECONFIG"] ?? "");
  const { namespace } = instance;
  const pods = new Map<string, string>();
  let most: string[] = [];
  const look = (type: string, pod: V1Pod) => {
    // Pods of hook Jobs serve nothing.
    if (pod.metadata?.ownerReferences?.some((owner) => owner.kind === "Job") === true) return;
    const uid = pod.metadata?.uid ?? "";
    if (type === "DELETED") pods.delete(uid);
    else pods.set(uid, pod.spec?.containers[0]?.image?.split(":").at(-1) ?? "");
    const versions = [...new Set(pods.values())].sort();
    if (versions.length > most.length) most = versions;
  };
  const listed = await config.makeApiClient(CoreV1Api).listNamespacedPod({ namespace });
  listed.items.forEach((pod) => look("ADDED", pod));
  const path = `/api/v1/namespaces/${namespace}/pods`;
  let ended: string | undefined;
  let version = listed.metadata?.resourceVersion;
  let stopped = false;
  let controller: AbortController;
  // The client ends a watch after half a minute without an event, and a deploy may have quieter ones: it goes on at
  // the last event, so that none is missed.
  const follow = async () => {
    controller = await new Watch(config).watch(
      path,
      { resourceVersion: version },
      (type, object) => {
        const pod = object as V1Pod;
        if (type === "ERROR") ended = JSON.stringify(object);
        else look(type, pod);
        version = pod.metadata?.resourceVersion ?? version;
      },
      () => {
        if (!stopped && ended === undefined) void follow();
      },
    );
  };
  await follow();
  return {
    get most() {
      if (ended !== undefined) throw new Error(`the watch on pods broke off: ${ended}`);
      return most;
    },
    stop: () => {
      stopped = true;
      controller.abort();
    },
  };
}
