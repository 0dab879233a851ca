import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { buildSync } from "esbuild";

const project = join(__dirname, "..", "..");

/**
 * Replaces the compiled module `kubernetes-client` by one file that contains the parts of the Kubernetes client that the
 * module names, and nothing else of it.
 */
export function bundle(dist: string): void {
  const { metafile } = buildSync({
    absWorkingDir: project,
    entryPoints: ["components/kubernetes-client.ts"],
    outdir: dist,
    outbase: ".",
    allowOverwrite: true,
    bundle: true,
    platform: "node",
    target: "node22.19",
    minify: true,
    legalComments: "none",
    metafile: true,
    logLevel: "error",
  });
  writeFileSync(join(dist, "components", "third-party-notices.txt"), notices(Object.keys(metafile.inputs)));
}

/** The licenses of the packages that the file contains, which those licenses require. */
function notices(files: readonly string[]): string {
  const packages = new Set(
    files.flatMap((file) => /^(?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/]+/.exec(file) ?? []),
  );
  return [...packages].sort().map(notice).join("\n\n");
}

function notice(path: string): string {
  const folder = join(project, path);
  const { name, version, license } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as {
    readonly name: string;
    readonly version: string;
    readonly license?: string;
  };
  const file = readdirSync(folder).find((one) => /^licen[cs]e/i.test(one));
  const text = file === undefined ? "" : readFileSync(join(folder, file), "utf8").trim();
  return `${name} ${version} (${license ?? "see its license"})\n\n${text}`;
}
