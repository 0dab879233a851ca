import { coerce, satisfies } from "semver";
import { reasonOf } from "../cluster/connection";
import { helm, HelmMissingError, helmVersions } from "../cluster/helm/helm";
import type { Problem } from "./problem";

/** Hops run helm where Pulumi runs: it has to be there, in a version that this package was tested with. */
export async function helmProblems(): Promise<Problem[]> {
  const wanted = `Helm ${helmVersions} on PATH where Pulumi runs.`;
  const remedy = "Install one (https://helm.sh/docs/intro/install/), then run again.";
  try {
    const version = (await helm({}, ["version", "--template", "{{.Version}}"])).trim();
    const found = coerce(version);
    if (found !== null && satisfies(found, helmVersions)) return [];
    const told = version === "" ? "tells no version" : `is ${version}`;
    return [{ code: "helm-version", found: `helm on PATH ${told}.`, wanted, remedy }];
  } catch (error) {
    if (error instanceof HelmMissingError) {
      return [{ code: "helm-missing", found: "There is no helm on PATH.", wanted, remedy }];
    }
    return [
      { code: "helm-version", found: `helm on PATH cannot be run: ${reasonOf(error)}.`, wanted, remedy },
    ];
  }
}
