/** How long each deploy of a `pulumi up` takes until it is verified, told by the lines that it prints. */
export class HopTimes {
  readonly each: number[] = [];
  #began: number | undefined;

  constructor(private readonly now: () => number = () => performance.now()) {}

  see(line: string): void {
    // From where the step before has ended, with whatever the engine does in between; that of the first is the preflight.
    if (/-0-preflight created\b/.test(line)) this.#began = this.now();
    if (this.#began === undefined || !/ creating \(\d+s\) \S+: verified\b/.test(line)) return;
    const verified = this.now();
    this.each.push(verified - this.#began);
    this.#began = verified;
  }

  /** Those of the hops: each is one step, `helm upgrade` and verification. */
  get hops(): number[] {
    return this.each.slice(0, -1);
  }

  /** That of the last deploy, which begins, is made by the Release and is verified, a step each. */
  get last(): number | undefined {
    return this.each.at(-1);
  }
}
