/** A moment as text has it: no person needs its milliseconds. */
export function moment(at: string): string {
  return at.replace(/\.\d+Z$/, "Z");
}
