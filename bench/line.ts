/** One measurement: what was measured, its figures, and the goal they are held against. */
export interface Line {
  readonly bench: string;
  readonly [figure: string]: string | number | boolean;
}

export interface Spread {
  readonly median: number;
  readonly min: number;
  readonly max: number;
}

export function spreadOf(samples: readonly number[]): Spread {
  const sorted = [...samples].sort((a, b) => a - b);
  const at = (index: number) => rounded(sorted[index] ?? Number.NaN);
  return { median: at(Math.floor(sorted.length / 2)), min: at(0), max: at(sorted.length - 1) };
}

export function meanOf(samples: readonly number[]): number {
  return samples.reduce((sum, one) => sum + one, 0) / samples.length;
}

export function rounded(value: number): number {
  return Math.round(value * 100) / 100;
}

export function print(line: Line): void {
  process.stdout.write(`${JSON.stringify(line)}\n`);
}
