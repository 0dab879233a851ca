/** The chart of one release, made from the files in chart/. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { parse, parseDocument } from "yaml";
import { type Artifact, blob } from "./registry";
import { tar } from "./tar";

const source = join(__dirname, "chart");

/** A chart's files by their path in it. Tests may change them to get a chart that is like none of the table. */
export type ChartFiles = Map<string, string>;

export function chartFiles(version: string, imageRegistry: string): ChartFiles {
  const files: ChartFiles = new Map();
  for (const name of readdirSync(source, { recursive: true, withFileTypes: true })) {
    if (!name.isFile()) continue;
    const path = join(name.parentPath, name.name);
    files.set(path.slice(source.length + 1), readFileSync(path, "utf8"));
  }
  edit(files, "Chart.yaml", [
    [["version"], version],
    [["appVersion"], version],
  ]);
  edit(files, "values.yaml", [[["image", "registry"], imageRegistry]]);
  return files;
}

function edit(files: ChartFiles, path: string, changes: readonly [string[], string][]): void {
  const document = parseDocument(files.get(path) ?? "");
  for (const [key, value] of changes) document.setIn(key, value);
  files.set(path, document.toString());
}

/** As `helm push` would store it. */
export function chartArtifact(files: ChartFiles): Artifact {
  const metadata = parse(files.get("Chart.yaml") ?? "") as { name: string };
  const archive = tar(
    [...files]
      // Helm wants Chart.yaml first to tell the chart's folder from the others.
      .sort(([a], [b]) => Number(b === "Chart.yaml") - Number(a === "Chart.yaml") || (a < b ? -1 : 1))
      .map(([path, content]) => ({ path: `${metadata.name}/${path}`, content })),
  );
  return {
    config: blob("application/vnd.cncf.helm.config.v1+json", metadata),
    layers: [blob("application/vnd.cncf.helm.chart.content.v1.tar+gzip", gzipSync(archive))],
  };
}
