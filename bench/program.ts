import { readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Stack } from "../sandbox/stack";
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

/** `pulumi up` of a stack with the program in a folder; anything but success is an error. */
export async function up(stack: Stack, program: string): Promise<void> {
  const { ok, text } = await stack.up({ checkout: program });
  if (!ok) throw new Error(`pulumi up failed:\n${text}`);
}
