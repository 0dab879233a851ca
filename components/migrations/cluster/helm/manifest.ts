import { loadYaml, type KubernetesObject } from "../../../kubernetes-client";
import { UnusableAnswer } from "../unusable";

/** The objects of a Helm manifest. */
export function objectsOf(manifest: string): KubernetesObject[] {
  // Helm keeps documents of comments only, which the client's own reader of many documents stumbles over.
  const documents = manifest.split(/^---.*$/m).filter((text) => /^\s*[^\s#]/m.test(text));
  return documents.map(objectOf).filter((object) => object !== undefined);
}

/** The parser's own words would quote the manifest, and that holds Secrets. */
function objectOf(text: string): KubernetesObject | undefined {
  let object: unknown;
  try {
    object = loadYaml(text);
  } catch {
    throw new UnusableAnswer(
      "a revision in Helm's history has a manifest that is no YAML",
      "the objects that Helm has deployed",
      "find it with helm get manifest --revision, and restore Helm's Secret of it from a backup",
    );
  }
  return typeof object === "object" && object !== null ? object : undefined;
}
