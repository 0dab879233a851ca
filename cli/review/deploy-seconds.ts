import type { Remembered, Row } from "./state";

/** Returns how long the deploys of the last transition took, from the times at which the engine saw their steps end. */
export function deploySecondsOf({ rows, deployedAt }: Remembered): number[] {
  return rows.flatMap(({ name, at }) => {
    const [, number, what] = /^(\d+)-(deploy|verify)-/.exec(name) ?? [];
    // The Release, which verify follows, has its own time: a change of values alone deploys it again.
    const before = what === "verify" ? deployedAt : endOf(rows, Number(number) - 1);
    const seconds = (Date.parse(at ?? "") - Date.parse(before ?? "")) / 1000;
    return seconds > 0 ? [Math.round(seconds)] : [];
  });
}

/** Returns when the step of a number ended; the steps of a plan run one after the other. */
function endOf(rows: readonly Row[], number: number): string | undefined {
  return rows.find(({ name }) => name.startsWith(`${number}-`))?.at;
}
