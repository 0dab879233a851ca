/** The ways in which a program has its packages: each package manager lays them out differently. */
import { cpSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { exec } from "../../../sandbox/exec";
import { cacheDir, checkout } from "../../../sandbox/paths";
import { npmEnv } from "../../npm-env";
import { writeProgram, type Language } from "./program";

export interface Layout {
  readonly name: string;
  readonly language: Language;
  readonly manager: "npm" | "pnpm";
  /** Beside the package itself. */
  readonly packages: Readonly<Record<string, string>>;
  readonly tsconfig?: object;
  /** The program is a package of a workspace, in this folder of it. */
  readonly workspace?: string;
}

const { devDependencies } = JSON.parse(readFileSync(join(checkout, "package.json"), "utf8")) as {
  devDependencies: Readonly<Record<string, string>>;
};
const sdk = devDependencies["@pulumi/pulumi"] ?? "";
const types = devDependencies["@types/node"] ?? "";
const pnpm = "pnpm@12.21.0";

/** Of `pulumi new typescript`, but with the types of packages checked as well. */
const tsconfigOfTemplate = {
  strict: true,
  target: "es2020",
  module: "commonjs",
  moduleResolution: "node",
  skipLibCheck: false,
};

export const layouts: readonly Layout[] = [
  {
    name: "npm, TypeScript 5",
    language: "typescript",
    manager: "npm",
    packages: { "@pulumi/pulumi": sdk, "@types/node": types, typescript: "5.9.3" },
    tsconfig: tsconfigOfTemplate,
  },
  {
    name: "pnpm, TypeScript 6",
    language: "typescript",
    manager: "pnpm",
    packages: { "@pulumi/pulumi": sdk, "@types/node": types, typescript: "6.0.3" },
    tsconfig: { strict: true, target: "es2023", module: "node20", types: ["node"], skipLibCheck: false },
  },
  {
    name: "npm workspace, TypeScript 5",
    language: "typescript",
    manager: "npm",
    packages: { "@pulumi/pulumi": sdk, "@types/node": types, typescript: "5.9.3" },
    tsconfig: tsconfigOfTemplate,
    workspace: "packages/infra",
  },
  {
    name: "npm, CommonJS, the oldest SDK that the package allows",
    language: "commonjs",
    manager: "npm",
    packages: { "@pulumi/pulumi": "3.252.0" },
  },
  { name: "pnpm, ECMAScript modules", language: "esm", manager: "pnpm", packages: { "@pulumi/pulumi": sdk } },
];

/** Makes the program in a folder and installs the package there, as a user does. Returns the program's folder. */
export async function makeProgram(layout: Layout, root: string, tarball: string): Promise<string> {
  const folder = join(root, layout.workspace ?? ".");
  writeProgram(folder, layout.language);
  const archive = join(root, "archives", "pulumi-bsr.tgz");
  mkdirSync(dirname(archive));
  cpSync(tarball, archive);
  write(join(folder, "package.json"), {
    name: "infra",
    version: "1.0.0",
    private: true,
    ...(layout.language === "esm" ? { type: "module" } : {}),
    dependencies: { ...layout.packages, "pulumi-bsr": `file:${relative(folder, archive)}` },
  });
  if (layout.workspace !== undefined) {
    write(join(root, "package.json"), { name: "platform", private: true, workspaces: ["packages/*"] });
  }
  if (layout.tsconfig !== undefined) {
    write(join(folder, "tsconfig.json"), { compilerOptions: layout.tsconfig, files: ["index.ts"] });
  }
  if (layout.manager === "npm") {
    await exec("npm", ["install", "--ignore-scripts", "--no-audit", "--no-fund"], { cwd: root, env: npmEnv });
  } else {
    const store = join(cacheDir, "pnpm-store");
    const install = ["install", "--ignore-scripts", "--store-dir", store];
    await exec("npx", ["--yes", pnpm, ...install], { cwd: root, env: { ...npmEnv, CI: "true" } });
  }
  return folder;
}

/** Every copy of a package below a folder, as paths. */
export async function copiesOf(name: string, root: string): Promise<string[]> {
  const found = await exec("find", [root, "-type", "d", "-path", `*/node_modules/${name}`, "-prune"]);
  return found.split("\n").filter((path) => path !== "");
}

function write(file: string, content: object): void {
  writeFileSync(file, JSON.stringify(content, null, 2));
}
