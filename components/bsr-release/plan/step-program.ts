import { createRequire } from "node:module";
import { join, relative, sep } from "node:path";

/** As package.json exports it. */
const packaged = "pulumi-bsr/step-program";

/**
 * How a Command runs the step program: Node with a name of it that is the same on every machine, because another one
 * would be a change of the verification. Where the project has the package, that is the package's name: a path goes by
 * the package manager, and with pnpm by the versions of what is beside it. Else it is the path from the project's folder.
 */
export function stepProgram(): { interpreter: string[] } {
  const program = require.resolve("../../migrations/steps/main");
  // The step's text comes last, as an argument that the program does not read: it is what a preview shows.
  if (program === foundFromProject()) return { interpreter: ["node", "-e", `require("${packaged}")`] };
  const path = relative(process.cwd(), program).split(sep).join("/");
  const loader = path.endsWith(".ts") ? ["-r", "ts-node/register/transpile-only"] : [];
  return { interpreter: ["node", ...loader, path] };
}

/** What a step, which runs in the project's folder as the program does, finds under the package's name. */
function foundFromProject(): string | undefined {
  try {
    return createRequire(join(process.cwd(), "index.js")).resolve(packaged);
  } catch {
    return undefined;
  }
}
