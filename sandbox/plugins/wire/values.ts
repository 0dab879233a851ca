/** Property values as the engine sends them: JSON in which secrets, unknowns and assets are marked. */

export type Value = null | boolean | number | string | Value[] | { [key: string]: Value };
export type Properties = Record<string, Value>;

const signature = "4dabf18193072939515e22adb298388d";
const secretMark = "1b47061264138c4ac30d75fd1eb44270";
const assetMark = "c44067f5952c0a294b673a41bacd8c17";

/** The engine marks an unknown by the type it is expected to have. */
const unknownMarks: ReadonlySet<Value> = new Set([
  "04da6b54-80e4-46f7-96ec-b56ff0331ba9",
  "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7",
  "3eeb2bf0-c639-47a8-9e75-3b44932eb421",
  "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2",
  "030794c1-ac77-496b-92df-f27374a8bd58",
  "e48ece36-62e2-4504-bad9-02848725956a",
  "dd056dcd-154b-4c76-9bd3-c8f88648b5ff",
]);

export const unknown = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
export const isUnknown = (value: Value | undefined): boolean => unknownMarks.has(value as Value);

export function isObject(value: Value | undefined): value is Properties {
  return typeof value === "object" && value !== null && !Array.isArray(value) && !(signature in value);
}

export function isSecret(value: Value | undefined): value is { value: Value } & Properties {
  return (
    typeof value === "object" && value !== null && !Array.isArray(value) && value[signature] === secretMark
  );
}

export function isAsset(value: Value | undefined): value is Properties {
  return (
    typeof value === "object" && value !== null && !Array.isArray(value) && value[signature] === assetMark
  );
}

export const secret = (value: Value): Value =>
  isSecret(value) ? value : { [signature]: secretMark, value: value };

function some(value: Value | undefined, test: (value: Value) => boolean): boolean {
  if (value === undefined) return false;
  if (test(value)) return true;
  if (isSecret(value)) return some(value.value, test);
  if (Array.isArray(value)) return value.some((element) => some(element, test));
  return isObject(value) && Object.values(value).some((element) => some(element, test));
}

export const containsUnknown = (value: Value | undefined): boolean => some(value, isUnknown);
export const containsSecret = (value: Value | undefined): boolean => some(value, isSecret);

function map(value: Value, change: (value: Value) => Value | undefined): Value {
  const changed = change(value);
  if (changed !== undefined) return changed;
  if (Array.isArray(value)) return value.map((element) => map(element, change));
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, element]) => [key, map(element, change)]));
}

/** Without the secret marks, at every depth. */
export const revealed = <T extends Value>(value: T): T =>
  map(value, (element) => (isSecret(element) ? revealed(element.value) : undefined)) as T;

/** Without the secret marks, and null where a value is not known yet. */
export const plain = <T extends Value>(value: T): T =>
  map(revealed(value), (element) => (isUnknown(element) ? null : undefined)) as T;

export const without = (properties: Properties, ...keys: string[]): Properties =>
  Object.fromEntries(Object.entries(properties).filter(([key]) => !keys.includes(key)));

/** Equal in value and in secrecy. Two assets are equal by their hash: the engine leaves contents out of a diff. */
export function sameValue(a: Value | undefined, b: Value | undefined): boolean {
  if (isUnknown(a) || isUnknown(b)) return false;
  if (isAsset(a) && isAsset(b)) return a.hash === b.hash;
  if (isSecret(a) || isSecret(b)) return isSecret(a) && isSecret(b) && sameValue(a.value, b.value);
  if (Array.isArray(a) || Array.isArray(b)) {
    return (
      Array.isArray(a) &&
      Array.isArray(b) &&
      a.length === b.length &&
      a.every((element, i) => sameValue(element, b[i]))
    );
  }
  if (typeof a === "object" && a !== null && typeof b === "object" && b !== null) {
    const keys = new Set([...Object.keys(a), ...Object.keys(b)]);
    return [...keys].every((key) => key in a && key in b && sameValue(a[key], b[key]));
  }
  return a === b;
}

/** A path as Pulumi writes it: `values.image`, `triggers[0]`, `values["a.b"]`. */
export function pathText(path: readonly (string | number)[]): string {
  return path.reduce<string>((text, part) => {
    if (typeof part === "number") return `${text}[${part}]`;
    if (/[."[\]]/.test(part)) return `${text}["${part.replaceAll('"', '\\"')}"]`;
    return text === "" ? part : `${text}.${part}`;
  }, "");
}
