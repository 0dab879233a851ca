import { loadYaml, type KubernetesObject } from "../../../kubernetes-client";
import { UnusableAnswer } from "../unusable";

/** Parses the objects of a Helm manifest. */
export function objectsOf(manifest: string): KubernetesObject[] {
  // Helm keeps documents that hold only comments, and the client's own reader fails on them.
  const documents = manifest.split(/^---.*$/m).filter((text) => /^\s*[^\s#]/m.test(text));
  return documents.map(objectOf).filter((object) => object !== undefined);
}

/** Parses one document. The parser's own error would quote the manifest, which holds Secrets. */
function objectOf(text: string): KubernetesObject | undefined {
  let object: unknown;
  try {
    object = loadYaml(text);
  } catch {
    throw new UnusableAnswer(
      "a revision in Helm's history has a manifest that is not YAML",
      "the objects that Helm has deployed",
      "find the revision with helm get manifest --revision, and restore its Secret from a backup",
    );
  }
  return typeof object === "object" && object !== null ? object : undefined;
}
