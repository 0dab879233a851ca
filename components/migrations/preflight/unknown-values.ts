import { nearest } from "../../nearest";

type Values = Readonly<Record<string, unknown>>;

/** A value that a chart does not seem to read, with the key that may have been meant. */
export interface UnknownValue {
  readonly path: string;
  readonly nearest: string | undefined;
}

/**
 * Returns the given values that a chart's defaults do not have. Only a map with default keys shows what belongs in it; an
 * empty map, such as labels, takes anything.
 */
export function unknownValues(given: Values, defaults: Values, prefix = ""): UnknownValue[] {
  return Object.entries(given).flatMap(([key, value]) => {
    // Helm's own key, for all charts and their subcharts.
    if (prefix === "" && key === "global") return [];
    if (!Object.hasOwn(defaults, key))
      return [{ path: `${prefix}${key}`, nearest: nearest(key, Object.keys(defaults)) }];
    const known = defaults[key];
    if (!isMap(value) || !isMap(known) || Object.keys(known).length === 0) return [];
    return unknownValues(value, known, `${prefix}${key}.`);
  });
}

function isMap(value: unknown): value is Values {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
