import type { Change, Diff } from "../../wire/diff";
import {
  isObject,
  isUnknown,
  pathText,
  plain,
  revealed,
  sameValue,
  type Properties,
  type Value,
} from "../../wire/values";

/**
 * Compares by a three-way merge, as kubectl does: what the new inputs set and the state has otherwise, and what the
 * old inputs had and the new ones have not. So a value that only the cluster has is no difference.
 */
export function releaseDiff(oldInputs: Properties, news: Properties, state: Properties): Diff {
  const patch = threeWayPatch(plain(oldInputs), plain(news), plain(state));
  const details: Record<string, Change> = {};
  describe(
    [],
    patch,
    { state: revealed(state), news: revealed(news), oldInputs: revealed(oldInputs) },
    details,
  );
  return { changed: Object.keys(patch).length > 0, keys: Object.keys(patch), details };
}

function threeWayPatch(original: Properties, modified: Properties, current: Properties): Properties {
  const patch: Properties = {};
  for (const [key, value] of Object.entries(modified)) {
    const now = current[key];
    const before = original[key];
    if (isObject(value) && isObject(now)) {
      const inner = threeWayPatch(isObject(before) ? before : {}, value, now);
      if (Object.keys(inner).length > 0) patch[key] = inner;
    } else if (!(key in current) || !sameValue(value, now)) {
      patch[key] = value;
    }
  }
  for (const key of Object.keys(original)) if (!(key in modified)) patch[key] = null;
  return patch;
}

interface Sides {
  state: Value | undefined;
  news: Value | undefined;
  oldInputs: Value | undefined;
}

type Path = readonly (string | number)[];

function describe(
  path: Path,
  patch: Properties,
  sides: Sides,
  details: Record<string, Change>,
  inList = false,
) {
  const at = (side: Value | undefined, key: string) => (isObject(side) ? side[key] : undefined);
  const step = (key: string, value: Value) =>
    describeValue(
      [...path, key],
      value,
      { state: at(sides.state, key), news: at(sides.news, key), oldInputs: at(sides.oldInputs, key) },
      details,
      inList,
    );
  for (const [key, value] of Object.entries(patch)) step(key, value);
  // A list is patched as a whole, so what its elements lost is not in the patch.
  if (!inList || !isObject(sides.state)) return;
  for (const key of Object.keys(sides.state)) if (!(key in patch)) step(key, null);
}

function describeValue(
  path: Path,
  value: Value,
  sides: Sides,
  details: Record<string, Change>,
  inList: boolean,
) {
  const { state, news, oldInputs } = sides;
  if (news === undefined && (value !== null || oldInputs === undefined)) return;
  let change: Change;
  if (value === null) {
    if (isUnknown(news)) change = { kind: state === undefined ? "add" : "update" };
    else change = { kind: "delete", inputDiff: true };
  } else if (state === undefined) {
    change = { kind: "add" };
  } else if (isObject(value) && isObject(state)) {
    return describe(path, value, sides, details, inList);
  } else if (Array.isArray(value) && Array.isArray(state)) {
    return describeList(path, value, { ...sides, state }, details);
  } else if (sameValue(value, state)) {
    return;
  } else {
    change = { kind: "update" };
  }
  const replace = path[0] === "name" || path[0] === "namespace";
  details[pathText(path)] = { ...change, ...(replace && { replace }) };
}

function describeList(
  path: Path,
  patch: Value[],
  sides: Sides & { state: Value[] },
  details: Record<string, Change>,
) {
  const at = (side: Value | undefined, i: number) => (Array.isArray(side) ? (side[i] ?? null) : null);
  for (let i = 0; i < Math.max(patch.length, sides.state.length); i++) {
    const inner = { state: sides.state[i], news: at(sides.news, i), oldInputs: at(sides.oldInputs, i) };
    describeValue([...path, i], patch[i] ?? null, inner, details, true);
  }
}
