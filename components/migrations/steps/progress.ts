import type { Masks } from "../masks";

/** Longer lines are cut: the engine's log reader stops at 64 KiB. */
const lineLimit = 2000;

/** Writes short lines for the person who watches, with every secret masked. */
export class Progress {
  constructor(
    private readonly masks: Masks,
    private readonly write: (text: string) => void = (text) => process.stderr.write(text),
  ) {}

  say(text: string): void {
    this.write(
      this.masks
        .mask(text)
        .split("\n")
        .map((line) => `${line.slice(0, lineLimit)}\n`)
        .join(""),
    );
  }
}
