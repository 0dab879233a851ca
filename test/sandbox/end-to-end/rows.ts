import assert from "node:assert/strict";

/** The names of the resources whose line of a preview or an up matches, sorted; each once. */
export function rows(text: string, what: RegExp): string[] {
  const names = text.split("\n").flatMap((line) => {
    const [, name, rest] = /^ (?:[+~-] |[+~-]{2}) +[\w-]+:[\w./-]+:\w+ (\S+)( .*)$/.exec(line) ?? [];
    return name !== undefined && what.test(rest ?? "") ? [name] : [];
  });
  return [...new Set(names)].sort();
}

/** That all parts are in a text, and the first place of each comes after that of the one before. */
export function inOrder(text: string, parts: readonly string[]): void {
  const places = parts.map((part) => text.indexOf(part));
  const missing = parts.filter((_, index) => places[index] === -1);
  assert.deepEqual(missing, [], text);
  const sorted = places.toSorted((a, b) => a - b);
  assert.deepEqual(places, sorted, `not in this order: ${parts.join(", ")}\n${text}`);
}
