import type {
  KubernetesObject,
  V1ConfigMap,
  V1Deployment,
  V1PodTemplateSpec,
  V1Secret,
  V1ServiceAccount,
} from "../../../kubernetes-client";
import { objectsOf } from "../../cluster/helm/manifest";
import type { BufdChoice } from "../input";

/** Everything that it takes to run a release's bufd once it is no longer deployed. */
export interface Owner {
  readonly version: string;
  /** The pods of the workload that runs bufd. */
  readonly template: V1PodTemplateSpec;
  /** What the chart makes and the pods may need; the next deploy may change or delete it. */
  readonly configMaps: readonly V1ConfigMap[];
  readonly secrets: readonly V1Secret[];
  readonly serviceAccounts: readonly V1ServiceAccount[];
}

/** The manifest does not show which pods run bufd, or nothing can run it. */
export class OwnerError extends Error {}

/** Reads from a release's manifest what runs its bufd. */
export function ownerOf(version: string, manifest: string, choice: BufdChoice): Owner {
  const objects = objectsOf(manifest);
  const workloads = objects.filter(isWorkload);
  const found = workloads.filter(
    (workload) =>
      (choice.workload === null || workload.metadata?.name === choice.workload) &&
      workload.spec?.template.spec?.containers.some(({ name }) => name === choice.container),
  );
  const [workload] = found;
  if (workload?.spec?.template === undefined || found.length > 1) {
    const names = (found.length > 1 ? found : workloads).map(nameOf).join(", ");
    throw new OwnerError(
      `the manifest of ${version} has ${found.length === 0 ? "no" : "more than one"} workload ` +
        `${choice.workload === null ? "" : `${choice.workload} `}with a container ${choice.container} (${names}); ` +
        "name the one that runs bufd: migrateDown.workload, migrateDown.container",
    );
  }
  return {
    version,
    template: workload.spec.template,
    configMaps: ofKind<V1ConfigMap>(objects, "ConfigMap"),
    secrets: ofKind<V1Secret>(objects, "Secret"),
    serviceAccounts: ofKind<V1ServiceAccount>(objects, "ServiceAccount"),
  };
}

function isWorkload(object: KubernetesObject): object is V1Deployment {
  return object.kind === "Deployment" || object.kind === "StatefulSet";
}

function nameOf(workload: V1Deployment): string {
  const containers = workload.spec?.template.spec?.containers.map(({ name }) => name) ?? [];
  return `${workload.kind} ${workload.metadata?.name}: ${containers.join(" and ")}`;
}

function ofKind<T extends KubernetesObject>(objects: readonly KubernetesObject[], kind: string): T[] {
  return objects.filter((object) => object.kind === kind) as T[];
}
