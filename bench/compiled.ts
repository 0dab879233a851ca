import { spawnSync } from "node:child_process";
import { mkdtempSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

export const project = join(__dirname, "..");

/**
 * A folder of its own with what was named compiled in `dist`, as a user of the package has it, and the project's
 * packages beside it. Compiled here from the present source, which the project's own dist folder need not be.
 */
export function compiled(...include: readonly string[]): string {
  const folder = mkdtempSync(join(tmpdir(), "bsr-bench-"));
  const config = join(folder, "tsconfig.json");
  writeFileSync(
    config,
    JSON.stringify({
      extends: join(project, "tsconfig.json"),
      compilerOptions: {
        noEmit: false,
        rootDir: project,
        outDir: join(folder, "dist"),
        types: ["node"],
        typeRoots: [join(project, "node_modules", "@types")],
      },
      include: include.map((path) => join(project, path)),
    }),
  );
  symlinkSync(join(project, "node_modules"), join(folder, "node_modules"));
  const compiler = join(project, "node_modules", "typescript", "bin", "tsc");
  const { status, stdout } = spawnSync(process.execPath, [compiler, "-p", config], { encoding: "utf8" });
  if (status !== 0) throw new Error(`${include.join(", ")} does not compile:\n${stdout}`);
  return folder;
}
