import type { Line } from "./line";

/** One of the measurements of `make bench`. */
export interface Measurement {
  readonly name: string;
  /** How long it takes on two cores, in minutes. */
  readonly minutes: number;
  readonly measure: () => Line | readonly Line[] | Promise<Line | readonly Line[]>;
}

/** Where a run writes to. */
export interface Streams {
  /** One measurement, as JSON. */
  readonly print: (line: Line) => void;
  /** Progress, for whoever waits. */
  readonly say: (text: string) => void;
}

/** Makes all of them, one after the other. One that fails takes no other with it; answers whether none did. */
export async function runAll(measurements: readonly Measurement[], streams: Streams): Promise<boolean> {
  const failed: string[] = [];
  for (const [index, measurement] of measurements.entries()) {
    const { name, minutes } = measurement;
    const { say } = streams;
    const left = measurements.slice(index).reduce((sum, one) => sum + one.minutes, 0);
    say(
      `${index + 1} of ${measurements.length}: ${name}, about ${minutesOf(minutes)} (${minutesOf(left)} with all that follow)`,
    );
    const began = performance.now();
    const isDone = await run(measurement, streams);
    say(`${name}: ${isDone ? "done" : "FAILED"} after ${minutesOf((performance.now() - began) / 60_000)}`);
    if (!isDone) failed.push(name);
  }
  if (failed.length > 0) streams.say(`failed: ${failed.join(", ")}`);
  return failed.length === 0;
}

async function run({ name, measure }: Measurement, { print, say }: Streams): Promise<boolean> {
  try {
    [await measure()].flat().forEach(print);
    return true;
  } catch (error) {
    const text = error instanceof Error ? error.message : String(error);
    print({ bench: name, error: text.split("\n")[0] ?? "" });
    say(text);
    return false;
  }
}

function minutesOf(minutes: number): string {
  return minutes < 1 ? "less than a minute" : `${Math.round(minutes)} min`;
}
