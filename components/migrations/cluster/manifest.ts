import { loadYaml, type KubernetesObject } from "@kubernetes/client-node";

/** The objects of a Helm manifest. */
export function objectsOf(manifest: string): KubernetesObject[] {
  // Helm keeps documents of comments only, which the client's own reader of many documents stumbles over.
  const documents = manifest.split(/^---.*$/m).filter((text) => /^\s*[^\s#]/m.test(text));
  return documents.map((text) => loadYaml<KubernetesObject>(text));
}
