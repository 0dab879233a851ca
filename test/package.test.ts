/** What `npm pack` puts into the package. */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { isBuiltin } from "node:module";
import { dirname, join } from "node:path";

const project = join(__dirname, "..");

interface Manifest {
  readonly main: string;
  readonly types: string;
  readonly bin: { readonly bsr: string };
  readonly exports: Readonly<Record<string, string | { readonly types: string; readonly default: string }>>;
  readonly dependencies: Readonly<Record<string, string>>;
}

/** The licenses of what is bundled. */
const notices = "dist/components/third-party-notices.txt";

const read = (path: string) => readFileSync(join(project, path), "utf8");
const manifest = JSON.parse(read("package.json")) as Manifest;

describe("the package", function () {
  this.timeout("1m");
  let files: string[];
  let unpackedSize: number;

  before(() => {
    // With no scripts: what is compiled already is looked at.
    const args = ["pack", "--dry-run", "--json", "--ignore-scripts"];
    const { status, stdout, stderr } = spawnSync("npm", args, { cwd: project, encoding: "utf8" });
    assert.equal(status, 0, stderr);
    const [packed] = JSON.parse(stdout) as [{ files: { path: string }[]; unpackedSize: number }];
    files = packed.files.map(({ path }) => path);
    unpackedSize = packed.unpackedSize;
  });

  it("has the compiled components and the command, and nothing of tests, sandbox or sources", () => {
    const compiled = /^dist\/(components|cli)\/[\w/-]+\.(js|json|d\.ts)$/;
    const others = files.filter((path) => !compiled.test(path)).sort();
    assert.deepEqual(others, ["CHANGELOG.md", "LICENSE", "README.md", "bin/bsr.js", notices, "package.json"]);
  });

  it("is small: most of it is what it uses of the Kubernetes client, in place of the 65 MB of all of it", () => {
    assert.ok(unpackedSize < 3_500_000, `${unpackedSize} bytes`);
  });

  it("has every file that its manifest names", () => {
    const { main, types, bin, exports } = manifest;
    const named = [main, types, bin.bsr, ...Object.values(exports).flatMap(pathsOf)];
    const missing = named.map((path) => path.replace(/^\.\//, "")).filter((path) => !files.includes(path));
    assert.deepEqual(missing, []);
  });

  it("has the types that a program's compiler reads, which name no package but Pulumi's SDK, and no others", () => {
    const reached = new Set<string>();
    const packages = new Set<string>();
    const follow = (path: string) => {
      if (reached.has(path)) return;
      reached.add(path);
      for (const [, from = ""] of read(path).matchAll(/(?:from|import)\s*\(?"([^"]+)"/g)) {
        if (from.startsWith(".")) follow(resolved(path, from));
        else packages.add(from);
      }
    };
    follow(manifest.types);
    assert.deepEqual([...packages], ["@pulumi/pulumi"]);
    assert.deepEqual(files.filter((path) => path.endsWith(".d.ts")).sort(), [...reached].sort());
  });

  it("depends on what its code requires, and on nothing else", () => {
    const required = new Set<string>();
    for (const path of files.filter(isOwnCode)) {
      for (const [, name = ""] of read(path).matchAll(/\brequire\("((?:@[\w-]+\/)?[\w-]+)["/]/g)) {
        if (!isBuiltin(name)) required.add(name);
      }
    }
    assert.deepEqual([...required].sort(), [...Object.keys(manifest.dependencies), "@pulumi/pulumi"].sort());
  });
});

/** All but the bundle, which has in it what it requires. */
function isOwnCode(file: string): boolean {
  return file.startsWith("dist/") && file.endsWith(".js") && file !== "dist/components/kubernetes-client.js";
}

function pathsOf(target: Manifest["exports"][string]): string[] {
  return typeof target === "string" ? [target] : Object.values(target);
}

/** The file of types that a relative import means. */
function resolved(importer: string, specifier: string): string {
  const path = join(dirname(importer), specifier);
  return [`${path}.d.ts`, join(path, "index.d.ts")].find((file) => existsSync(join(project, file))) ?? path;
}
