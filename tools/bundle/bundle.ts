import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { buildSync } from "esbuild";

const project = join(__dirname, "..", "..");

/** What Pulumi starts or loads anew in every run: the step program, and the ledger's check. */
const entries = ["components/migrations/steps/main.ts", "components/bsr-release/ledger-check.ts"];

/**
 * Puts one file each in place of what the compiler made of the entries, with all that they use of other packages. Of the
 * Kubernetes client's thousand modules they need a few, and loading all of them took most of a step's start.
 */
export function bundle(dist: string): void {
  const { metafile } = buildSync({
    absWorkingDir: project,
    entryPoints: entries,
    outdir: dist,
    outbase: ".",
    allowOverwrite: true,
    bundle: true,
    platform: "node",
    target: "node22.19",
    // Names stay: a stack trace is read, and errors are told by their names.
    minifyWhitespace: true,
    minifySyntax: true,
    // The program and its provider have loaded it.
    external: ["@pulumi/*"],
    legalComments: "none",
    metafile: true,
    logLevel: "error",
  });
  writeFileSync(join(dist, "components", "third-party-notices.txt"), notices(Object.keys(metafile.inputs)));
}

/** The licenses of the packages that the bundles contain, as those ask for. */
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
