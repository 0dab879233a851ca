import { readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Stack } from "../sandbox/stack";
import { bundle } from "../tools/bundle/bundle";
import { compiled, project } from "./compiled";

/**
 * The project's Pulumi program as a user of the package runs it: compiled and bundled. From source, every step would begin with the
 * compiling of it. Stacks are those of the project.
 */
export function compiledProgram(): string {
  const folder = compiled("index.ts", "components");
  bundle(join(folder, "dist"));
  return asProgram(folder, "index.js");
}

/** A program that has nothing but the Release, for the same stacks; compiled as well. */
export function bareProgram(): string {
  return asProgram(compiled("bench/preview/bare.ts"), "bench/preview/bare.js");
}

function asProgram(folder: string, main: string): string {
  for (const name of ["stacks", "package.json"]) symlinkSync(join(project, name), join(folder, name));
  const description = readFileSync(join(project, "Pulumi.yaml"), "utf8");
  writeFileSync(join(folder, "Pulumi.yaml"), description.replace("main: index.ts", `main: dist/${main}`));
  return folder;
}

/** `pulumi up` of a stack with the program in a folder; anything but success is an error. */
export async function up(stack: Stack, program: string): Promise<void> {
  const { ok, text } = await stack.up({ checkout: program });
  if (!ok) throw new Error(`pulumi up failed:\n${text}`);
}

/** `pulumi preview` of a stack with the program in a folder; anything but success is an error. */
export async function preview(stack: Stack, program: string): Promise<void> {
  const { ok, text } = await stack.preview({ checkout: program });
  if (!ok) throw new Error(`pulumi preview failed:\n${text}`);
}
