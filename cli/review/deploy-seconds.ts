import type { Remembered, Row } from "./state";

/** How long the deploys of the last transition took, from when the engine saw their steps end. */
export function deploySecondsOf({ rows, deployedAt }: Remembered): number[] {
  return rows.flatMap(({ name, at }) => {
    const [, number, what] = /^(\d+)-(deploy|verify)-/.exec(name) ?? [];
    // The Release, which verify follows, has a time of its own: it is made again where only values change.
    const before = what === "verify" ? deployedAt : endOf(rows, Number(number) - 1);
    const seconds = (Date.parse(at ?? "") - Date.parse(before ?? "")) / 1000;
    return seconds > 0 ? [Math.round(seconds)] : [];
  });
}

/** When the step of a number ended; those of a plan follow one after the other. */
function endOf(rows: readonly Row[], number: number): string | undefined {
  return rows.find(({ name }) => name.startsWith(`${number}-`))?.at;
}
