/** The checkout's program as a user of the package runs it: compiled, as `make` has left it in dist. */
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { checkout, sandboxDir } from "./paths";

/** Makes the project's folder where it is not there yet, and answers it. */
export function compiledProgram(): string {
  const folder = join(sandboxDir, "program");
  mkdirSync(folder, { recursive: true });
  for (const name of ["dist", "stacks", "node_modules", "package.json"])
    link(join(checkout, name), join(folder, name));
  const description = readFileSync(join(checkout, "Pulumi.yaml"), "utf8");
  writeFileSync(join(folder, "Pulumi.yaml"), description.replace("main: index.ts", "main: dist/index.js"));
  return folder;
}

/** Several test processes begin at once. */
function link(target: string, path: string): void {
  try {
    symlinkSync(target, path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
  }
}
