import { coerce, satisfies } from "semver";
import { reasonOf } from "../cluster/connection";
import { helm, HelmMissingError, helmVersions } from "../cluster/helm/helm";
import type { Problem } from "./problem";

/** Requires a helm of a tested version where Pulumi runs, because hops run it there. */
export async function helmProblems(): Promise<Problem[]> {
  const wanted = `Helm ${helmVersions} on PATH where Pulumi runs.`;
  const remedy = "Install one (https://helm.sh/docs/intro/install/), then run again.";
  try {
    const version = (await helm({}, ["version", "--template", "{{.Version}}"])).trim();
    const found = coerce(version);
    if (found !== null && satisfies(found, helmVersions)) return [];
    const what = version === "" ? "does not report its version" : `is ${version}`;
    return [{ code: "helm-version", found: `helm on PATH ${what}.`, wanted, remedy }];
  } catch (error) {
    if (error instanceof HelmMissingError) {
      return [{ code: "helm-missing", found: "There is no helm on PATH.", wanted, remedy }];
    }
    return [
      { code: "helm-version", found: `helm on PATH cannot be run: ${reasonOf(error)}.`, wanted, remedy },
    ];
  }
}
