import { measureCli } from "./cli";
import { measureDowngrade } from "./downgrade/main";
import { measureDowntime } from "./downtime/main";
import { print } from "./line";
import { measurePlan } from "./plan";

/** Every measurement, one JSON line each; the last ones take minutes. */
async function main(): Promise<void> {
  for (const measure of [measurePlan, measureCli]) print(measure());
  for (const measure of [measureDowngrade, measureDowntime]) (await measure()).forEach(print);
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
