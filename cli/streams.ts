/** Where the command writes. */
export interface Sink {
  write(text: string): unknown;
}

/** Where the command reads a password from. */
export type Source = AsyncIterable<Buffer | string>;

/** Takes the whole text for standard output, and the exit status. */
export type Report = (text: string, exitStatus: number) => void;
