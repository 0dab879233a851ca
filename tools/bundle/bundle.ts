import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { buildSync } from "esbuild";

const project = join(__dirname, "..", "..");

/**
 * Puts one file in place of what the compiler made of the module `kubernetes-client`, with as much of the Kubernetes client
 * as that names, and nothing of its other modules.
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

/** The licenses of the packages that the file contains, as those ask for. */
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
