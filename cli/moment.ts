/** Writes a time without milliseconds, which no person needs. */
export function moment(at: string): string {
  return at.replace(/\.\d+Z$/, "Z");
}
