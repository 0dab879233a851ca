/** Starting a policy pack where the language host cannot: the sandbox's is of a time before it ran them. */
import { chmodSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/**
 * Writes a program that starts the pack of a folder as a language host does, and returns its path, which
 * `pulumi preview --policy-pack` takes like the folder. The pack's packages are installed.
 */
export function startablePolicyPack(folder: string): string {
  const program = join(folder, "start");
  const runner = join(folder, "node_modules", "@pulumi", "pulumi", "cmd", "run-policy-pack");
  writeFileSync(program, `#!/bin/sh\ncd '${folder}' && exec node '${runner}' "$1" .\n`);
  chmodSync(program, 0o755);
  return program;
}
