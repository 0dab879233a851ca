import { closest, distance } from "fastest-levenshtein";

/** Returns the known word nearest to this one, if it is near enough to be meant. */
export function nearest(word: string, known: readonly string[]): string | undefined {
  if (known.length === 0) return undefined;
  const lower = known.map((one) => one.toLowerCase());
  const [completed, ...more] = known.filter((one) => one.toLowerCase().startsWith(word.toLowerCase()));
  if (completed !== undefined && more.length === 0 && word.length > 2) return completed;
  const near = closest(word.toLowerCase(), lower);
  const isNear = distance(word.toLowerCase(), near) <= Math.max(2, Math.floor(word.length / 3));
  return isNear ? known[lower.indexOf(near)] : undefined;
}
