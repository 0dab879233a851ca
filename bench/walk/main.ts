import { rmSync } from "node:fs";
import { createInstance } from "../../sandbox/instance";
import { startLoad } from "../../sandbox/load/load";
import { Stack } from "../../sandbox/stack";
import { runAlone } from "../alone";
import { meanOf, type Line } from "../line";
import { HopTimes } from "../hops/hop-times";
import { compiledProgram, up } from "../program";
import { timedUp } from "../timed-up";

const GOAL_REQUESTS = 50_000;
const requestsPerSecond = 300;
const from = "1.0.4";
const to = "1.23.0";

/** Failed requests of a client that reads and writes while `pulumi up` walks all minors there are. */
export async function measureWalk(): Promise<Line[]> {
  const program = compiledProgram();
  const instance = await createInstance("bench-walk");
  const sql = "SELECT 1/count(*) FROM data_migrations WHERE state = 'finished'";
  const stack = await Stack.create("bench-walk", instance, {
    version: from,
    license: instance.values.license.key,
    dataMigrations: { check: ["psql", "-d", instance.database, "-qc", sql], intervalSeconds: 1 },
  });
  try {
    await up(stack, program);
    await instance.answers();
    stack.configure({ version: to });
    const times = new HopTimes();
    const load = await startLoad({ url: instance.url, requestsPerSecond, maxSeconds: 3600 });
    const [walked] = await Promise.allSettled([timedUp(stack, program, (line) => times.see(line))]);
    const report = await load.stop();
    if (walked.status === "rejected") throw walked.reason;
    return [
      {
        bench: "failed requests while pulumi up walks all minors",
        from,
        to,
        deploys: times.each.length,
        upMs: Math.round(walked.value.upMs),
        requests: report.requests,
        failed: report.failed,
        p50Ms: report.p50,
        p99Ms: report.p99,
        firstFiveHopsMs: Math.round(meanOf(times.hops.slice(0, 5))),
        lastFiveHopsMs: Math.round(meanOf(times.hops.slice(-5))),
        goalFailed: 0,
        goalRequests: GOAL_REQUESTS,
        met: report.failed === 0 && report.requests >= GOAL_REQUESTS,
      },
    ];
  } finally {
    await stack.remove();
    await instance.close();
    rmSync(program, { recursive: true });
  }
}

runAlone(module, measureWalk);
