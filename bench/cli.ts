import { spawnSync } from "node:child_process";
import { rmSync } from "node:fs";
import { join } from "node:path";
import { compiled } from "./compiled";
import { print, rounded, spreadOf, type Line } from "./line";

const GOAL_MS = 300;
const RUNS = 15;

/**
 * One answer of the compiled command, next to Node doing nothing. The two take turns, so that whatever else the
 * machine does meets both.
 */
export function measureCli(): Line {
  const folder = compiled("cli");
  try {
    const answer = [
      join(folder, "dist", "cli", "main.js"),
      "plan",
      "--from",
      "1.2.0",
      "--to",
      "1.23.0",
      "--json",
    ];
    const nothing = ["-e", "0"];
    time(answer);
    time(nothing);
    const answers: number[] = [];
    const nothings: number[] = [];
    for (let run = 0; run < RUNS; run += 1) {
      answers.push(time(answer));
      nothings.push(time(nothing));
    }
    const { median, min, max } = spreadOf(answers);
    const bare = spreadOf(nothings).median;
    return {
      bench: "one answer of bsr plan",
      runs: RUNS,
      medianMs: median,
      minMs: min,
      maxMs: max,
      nodeMedianMs: bare,
      ratioToNode: rounded(median / bare),
      goalMs: GOAL_MS,
      met: median <= GOAL_MS,
    };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function time(args: readonly string[]): number {
  const start = performance.now();
  const { status, stderr } = spawnSync(process.execPath, args, { encoding: "utf8" });
  const taken = performance.now() - start;
  if (status !== 0) throw new Error(`node ${args.join(" ")} exited with ${status}: ${stderr}`);
  return taken;
}

if (require.main === module) print(measureCli());
