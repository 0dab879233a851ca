import { measureCli } from "./cli";
import { measureDowngrade } from "./downgrade/main";
import { measureDowntime } from "./downtime/main";
import { measureHops } from "./hops/main";
import { print } from "./line";
import { measurePlan } from "./plan";
import { measurePreview } from "./preview/main";
import { runAll, type Measurement } from "./run";
import { measureStacks } from "./stacks/main";
import { measureState } from "./state/main";
import { surroundings } from "./surroundings";
import { measureWalk } from "./walk/main";

/** One after the other, so that none is in another's way. */
const measurements: readonly Measurement[] = [
  { name: "surroundings", minutes: 0, measure: surroundings },
  { name: "planner", minutes: 0, measure: measurePlan },
  { name: "bsr plan", minutes: 0, measure: measureCli },
  { name: "previews", minutes: 3, measure: measurePreview },
  { name: "hops", minutes: 9, measure: measureHops },
  { name: "stacks", minutes: 2, measure: measureStacks },
  { name: "one minor down", minutes: 3, measure: measureDowngrade },
  { name: "downtime", minutes: 10, measure: measureDowntime },
  { name: "walk of all minors", minutes: 5, measure: measureWalk },
  { name: "size of the state", minutes: 9, measure: measureState },
];

/** Every measurement, one JSON line each; progress goes to standard error. */
async function main(): Promise<void> {
  const say = (text: string) => process.stderr.write(`bench: ${text}\n`);
  if (!(await runAll(measurements, { print, say }))) process.exitCode = 1;
}

void main();
