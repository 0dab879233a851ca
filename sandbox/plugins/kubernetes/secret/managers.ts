/** Who manages which fields of an object, as server-side apply keeps book of it. */
import { isObject, type Properties } from "../../wire/values";
import { metadata } from "./object";

/** Creates are recorded under this name. */
export const creator = "pulumi-kubernetes";

/** Managers whose fields the plugin takes over: its own creates, and kubectl where nobody gave it another name. */
const takenOver: readonly { manager: string; operation: string }[] = [
  { manager: creator, operation: "Update" },
  { manager: "kubectl", operation: "Update" },
  { manager: "kubectl", operation: "Apply" },
  { manager: "before-first-apply", operation: "Update" },
];

function entries(live: Properties): Properties[] {
  const { managedFields } = metadata(live);
  return Array.isArray(managedFields) ? managedFields.filter(isObject) : [];
}

const isTakenOver = (entry: Properties): boolean =>
  takenOver.some(({ manager, operation }) => entry.manager === manager && entry.operation === operation);

export const madeByPlugin = (live: Properties): boolean =>
  entries(live).some(({ manager, operation }) => manager === creator && operation === "Update");

/**
 * The book with the fields of those managers under the plugin's name for its applies; nothing where it has none.
 * Without that an apply would conflict with the plugin's own create, and a key that the program drops would stay.
 */
export function takeOver(live: Properties, manager: string): Properties[] | undefined {
  const all = entries(live);
  const taken = all.filter(isTakenOver);
  const [first] = taken;
  if (first === undefined) return undefined;
  const isOwn = (entry: Properties) => entry.manager === manager && entry.operation === "Apply";
  const own = all.find(isOwn) ?? { ...first, manager, operation: "Apply", fieldsV1: {} };
  const fieldsV1 = [own, ...taken].reduce<Properties>((sum, entry) => union(sum, entry.fieldsV1), {});
  return [...all.filter((entry) => !isTakenOver(entry) && !isOwn(entry)), { ...own, fieldsV1 }];
}

function union(a: Properties, b: Properties[string] | undefined): Properties {
  const result = { ...a };
  for (const [field, inner] of Object.entries(isObject(b) ? b : {})) {
    const before = result[field];
    result[field] = isObject(before) ? union(before, inner) : inner;
  }
  return result;
}
