import { readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { compiled, project } from "./compiled";

/**
 * The project's Pulumi program as a user of the package runs it: compiled. From source, every step would begin with the
 * compiling of it. Stacks are those of the project.
 */
export function compiledProgram(): string {
  const folder = compiled("index.ts", "components");
  for (const name of ["stacks", "package.json"]) symlinkSync(join(project, name), join(folder, name));
  const description = readFileSync(join(project, "Pulumi.yaml"), "utf8");
  writeFileSync(join(folder, "Pulumi.yaml"), description.replace("main: index.ts", "main: dist/index.js"));
  return folder;
}
