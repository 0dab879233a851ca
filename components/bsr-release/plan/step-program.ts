import { createRequire } from "node:module";
import { join, relative, sep } from "node:path";

/** The step program's name, as package.json exports it. */
const packaged = "pulumi-bsr/step-program";

/**
 * Returns how a Command runs the step program. Its name must be the same on every machine, because a different one
 * would change the verification. If the project has the package, the package's name is used: a path depends on the
 * package manager, and with pnpm on the versions of other packages. Otherwise it is the path from the project's folder.
 */
export function stepProgram(): { interpreter: string[] } {
  const program = require.resolve("../../migrations/steps/main");
  // The step's text is passed last, as an argument that the program does not read. A preview shows it.
  if (program === foundFromProject()) return { interpreter: ["node", "-e", `require("${packaged}")`] };
  const path = relative(process.cwd(), program).split(sep).join("/");
  const loader = path.endsWith(".ts") ? ["-r", "ts-node/register/transpile-only"] : [];
  return { interpreter: ["node", ...loader, path] };
}

/** Finds what the package's name leads to from the project's folder, where the program and its steps run. */
function foundFromProject(): string | undefined {
  try {
    return createRequire(join(process.cwd(), "index.js")).resolve(packaged);
  } catch {
    return undefined;
  }
}
