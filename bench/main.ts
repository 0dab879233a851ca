import { measureCli } from "./cli";
import { print } from "./line";
import { measurePlan } from "./plan";

/** Every measurement, one JSON line each. */
for (const measure of [measurePlan, measureCli]) print(measure());
