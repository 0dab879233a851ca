import type { Workload } from "../../cluster/pods/workloads";
import type { Context } from "../context";
import { NoStatusPage, readHealth } from "../health";
import type { Expectation } from "../input";
import type { Wait } from "../wait";
import { notVerified, reasonsOf } from "./not-verified";

const pollMilliseconds = 500;

/** Waits for the status page of every bufd pod, and returns the target schema version that it shows. */
export async function awaitHealthy(
  context: Context,
  expected: Expectation,
  present: readonly Workload[],
  schemaBefore: number | null,
  wait: Wait,
): Promise<number | null> {
  for (;;) {
    const { problems, target, schema } = await wait.read(() => health());
    if (problems.length === 0) return target;
    wait.tell([...(schema === null ? [] : [schema]), `waiting for ${problems.join("; ")}`].join("; "));
    if (wait.isOver) {
      const why = `its status page was not healthy within ${expected.timeoutSeconds} s: ${problems.join("; ")}`;
      throw notVerified(expected, [why, ...(await reasonsOf(context, present))].join("\n    "));
    }
    await wait.pause(pollMilliseconds);
  }

  async function health() {
    try {
      return await readHealth(context, expected, present, schemaBefore);
    } catch (error) {
      if (error instanceof NoStatusPage) throw notVerified(expected, error.message);
      throw error;
    }
  }
}
