import { isObject, pathText, sameValue, type Properties, type Value } from "./values";

export type ChangeKind = "add" | "delete" | "update";

/** One changed property, by its path; `inputDiff` says that the old value is an input, not an output. */
export interface Change {
  kind: ChangeKind;
  replace?: boolean;
  inputDiff?: boolean;
}

export interface Diff {
  changed: boolean;
  /** The changed top-level keys, where the details do not tell them. */
  keys?: string[];
  details: Record<string, Change>;
  /** The new resource cannot be there at the same time as the old one. */
  deleteBeforeReplace?: boolean;
}

const has = (value: Value | undefined): value is Value => value !== undefined && value !== null;

/** Compares old and new inputs, property by property. */
export function plainDiff(olds: Properties, news: Properties): Diff {
  const details: Record<string, Change> = {};
  compareObjects([], olds, news, details);
  return { changed: Object.keys(details).length > 0, details };
}

type Path = readonly (string | number)[];

function compare(
  path: Path,
  old: Value | undefined,
  now: Value | undefined,
  details: Record<string, Change>,
) {
  if (!has(old) && !has(now)) return;
  if (!has(old) || !has(now)) {
    details[pathText(path)] = { kind: has(now) ? "add" : "delete" };
  } else if (Array.isArray(old) && Array.isArray(now)) {
    for (let i = 0; i < Math.max(old.length, now.length); i++) {
      compare([...path, i], old[i], now[i], details);
    }
  } else if (isObject(old) && isObject(now)) {
    compareObjects(path, old, now, details);
  } else if (!sameValue(old, now)) {
    details[pathText(path)] = { kind: "update" };
  }
}

function compareObjects(path: Path, old: Properties, now: Properties, details: Record<string, Change>) {
  for (const key of new Set([...Object.keys(old), ...Object.keys(now)])) {
    compare([...path, key], old[key], now[key], details);
  }
}
