import { readFileSync } from "node:fs";
import { join } from "node:path";
import { argumentsType } from "./arguments-type";
import { configurationPage } from "./configuration-page";
import type { Key } from "./keys";
import { withProjectComments } from "./project-comments";
import { project } from "./program";
import { stackSchema } from "./stack-schema";

/** A file generated from the arguments: its path in the checkout, and its content. */
export interface GeneratedFile {
  readonly path: string;
  readonly text: string;
}

/** Generates every file that follows from the arguments' schema and its comments. */
export async function generatedFiles(keys: readonly Key[]): Promise<readonly GeneratedFile[]> {
  const projectFile = readFileSync(join(project, "Pulumi.yaml"), "utf8");
  return [
    { path: "docs/configuration.md", text: configurationPage(keys) },
    { path: "Pulumi.yaml", text: withProjectComments(projectFile, keys) },
    await formatted("components/bsr-release/args/types.ts", argumentsType(keys)),
    await formatted("schema/stack.schema.json", JSON.stringify(stackSchema(keys))),
  ];
}

async function formatted(path: string, text: string): Promise<GeneratedFile> {
  const prettier = await import("prettier");
  const options = await prettier.resolveConfig(join(project, path));
  return { path, text: await prettier.format(text, { ...options, filepath: path }) };
}
