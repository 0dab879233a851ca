/** `make docs`: writes every file that is generated from the arguments' schema and its comments. */
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { generatedFiles } from "./files";
import { readKeys } from "./keys";
import { project } from "./program";

async function main(): Promise<void> {
  for (const { path, text } of await generatedFiles(readKeys())) {
    mkdirSync(dirname(join(project, path)), { recursive: true });
    writeFileSync(join(project, path), text);
    process.stdout.write(`${path}\n`);
  }
}

void main();
