import { print, type Line } from "./line";

/** Runs a measurement whose file was started by itself: `node -r ts-node/register/transpile-only bench/hops/main.ts`. */
export function runAlone(file: NodeJS.Module, measure: () => Promise<Line[]>): void {
  if (require.main !== file) return;
  measure()
    .then((lines) => lines.forEach(print))
    .catch((error: unknown) => {
      process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
      process.exitCode = 1;
    });
}
