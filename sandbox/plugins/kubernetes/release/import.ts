import { existsSync } from "node:fs";
import { join } from "node:path";
import { without, type Properties } from "../../wire/values";
import type { Helm, Revision } from "./helm";
import type { Release } from "./inputs";

/**
 * The inputs of a release that comes into the state by import. Helm does not store where a chart came from: it is
 * looked for in the program's folder, else only its bare name is known.
 */
export async function importedInputs(release: Release, live: Revision, helm: Helm): Promise<Properties> {
  const { chart, version } = live;
  const folder = (path: string) => existsSync(join(path, "Chart.yaml"));
  const candidates = [`${chart}-${version}`, `${chart}-${version}.tgz`, chart, `${chart}.tgz`];
  const found = candidates.find((path) => (path.endsWith(".tgz") ? existsSync(path) : folder(path)));
  release.chart = found ?? chart;
  try {
    release.version = (await helm.chart(release)).version;
  } catch {
    // The chart is not at hand; the check that follows says so.
  }
  return without(release as unknown as Properties, "resourceNames", "status");
}
