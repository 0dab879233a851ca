/** How long each hop of a `pulumi up` takes, told by the lines that it prints. */
export class HopTimes {
  readonly each: number[] = [];
  #began: number | undefined;

  constructor(private readonly now: () => number = () => performance.now()) {}

  see(line: string): void {
    if (/-(deploy|begin)-\S+ creating \(0s\)/.test(line)) this.#began ??= this.now();
    if (this.#began === undefined || !/ creating \(\d+s\) \S+: verified\b/.test(line)) return;
    const verified = this.now();
    this.each.push(verified - this.#began);
    // The next one begins where this one ends, with whatever the engine does in between.
    this.#began = verified;
  }

  /** The mean of some of them, as `slice` counts; of all where nothing is said. */
  mean(start?: number, end?: number): number {
    const some = this.each.slice(start, end);
    return some.reduce((sum, one) => sum + one, 0) / some.length;
  }
}
