import { print, type Line } from "./line";
import { surroundings } from "./surroundings";

/** Runs a measurement whose file was started by itself: `node -r ts-node/register/transpile-only bench/hops/main.ts`. */
export function runAlone(file: NodeJS.Module, measure: () => Promise<Line[]>): void {
  if (require.main !== file) return;
  run(measure).catch((error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 1;
  });
}

async function run(measure: () => Promise<Line[]>): Promise<void> {
  print(await surroundings());
  (await measure()).forEach(print);
}
