import { strict as assert } from "node:assert";

/** A secret that the kinds plant wherever one may stand. No message may repeat it. */
export const planted = "planted-secret-value";

/** Words of Node, of its libraries and of zod, which tell an operator nothing. */
const engineWords = [
  /\b(Type|Syntax|Range|Reference|Zod|Assertion)Error\b/,
  /\[object |undefined|Invalid Date/,
  /Cannot (read|convert|destructure)|is not (a function|iterable|defined|valid JSON)/,
  /Unexpected (token|end|non-whitespace)|unexpected end of/,
  /Invalid (input|ISO|URL|Version|time value|string|enum|option)|Unrecognized key|[Ee]xpected \w+, received|Too (small|big)/,
  /incorrect header check|invalid_type|too_small|too_big/,
  /node_modules|node:internal|\.[jt]s:\d+/,
  /^\s+at .+[:(]/m,
];

/** Longer, and nobody reads it. */
const mostCharacters = 4000;

/** Whether an operator can act on a text: it names the key or object, and neither speaks of engines nor tells secrets. */
export function assertActionable(text: string, names: string | RegExp): void {
  assert.notEqual(text.trim(), "", "there are no words");
  for (const word of engineWords) assert.doesNotMatch(text, word);
  assert.ok(!text.includes(planted), `the secret is repeated: ${text}`);
  assert.ok(text.length <= mostCharacters, `${text.length} characters: ${text.slice(0, 300)}…`);
  if (typeof names === "string") assert.ok(text.includes(names), `${names} is not named: ${text}`);
  else assert.match(text, names);
}
