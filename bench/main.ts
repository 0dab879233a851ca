import { measureCli } from "./cli";
import { measureDowngrade } from "./downgrade/main";
import { measureDowntime } from "./downtime/main";
import { measureHops } from "./hops/main";
import { print } from "./line";
import { measurePlan } from "./plan";
import { measurePreview } from "./preview/main";
import { measureStacks } from "./stacks/main";
import { measureState } from "./state/main";
import { measureWalk } from "./walk/main";

/** Every measurement, one JSON line each; all but the first ones take minutes. */
async function main(): Promise<void> {
  for (const measure of [measurePlan, measureCli]) print(measure());
  const timed = [measurePreview, measureHops, measureStacks, measureDowngrade, measureDowntime];
  for (const measure of timed) (await measure()).forEach(print);
  // These count requests and bytes: that they disturb each other does no harm.
  for (const lines of await Promise.all([measureWalk(), measureState()])) lines.forEach(print);
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
