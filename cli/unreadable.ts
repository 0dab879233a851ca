/** Something outside could not be read: a cluster, a registry, a file. The text is shown to the operator unchanged. */
export class Unreadable extends Error {
  override readonly name = "Unreadable";

  constructor(
    readonly what: string,
    readonly found: string,
    readonly wanted: string,
    readonly remedy: string,
  ) {
    super(`${what}\n  found:  ${found}\n  wanted: ${wanted}\n  remedy: ${remedy}`);
  }
}
