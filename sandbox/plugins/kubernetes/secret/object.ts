/** Secrets as objects of Kubernetes, and as what is stored of them in the state. */
import {
  containsUnknown,
  isObject,
  isUnknown,
  revealed,
  secret,
  without,
  type Properties,
  type Value,
} from "../../wire/values";

/** What only the API server writes. */
const readOnly = [
  "creationTimestamp",
  "deletionGracePeriodSeconds",
  "deletionTimestamp",
  "generation",
  "managedFields",
  "resourceVersion",
  "uid",
];

const autonamed = "pulumi.com/autonamed";
/** All of an object as it was given to kubectl apply. */
const lastApplied = "kubectl.kubernetes.io/last-applied-configuration";

/**
 * A Secret as the API server will hold it, with no secret marks: it turns `stringData` into `data`. What is not known
 * yet cannot be turned.
 */
export function normalized(properties: Properties): Properties {
  const inputs = revealed(properties);
  const object = isObject(inputs.metadata)
    ? { ...inputs, metadata: without(inputs.metadata, ...readOnly) }
    : inputs;
  if (containsUnknown(object)) return object;
  const { data, stringData } = object;
  const texts = isObject(stringData) ? Object.entries(stringData) : [];
  if (texts.length === 0) return isObject(data) ? { ...object, data: respelled(data) } : object;
  const encoded = texts.map(([key, text]) => [key, typeof text === "string" ? base64(text) : text]);
  return {
    ...without(object, "stringData"),
    data: { ...(isObject(data) && data), ...(Object.fromEntries(encoded) as Properties) },
  };
}

const base64 = (text: string): string => Buffer.from(text).toString("base64");

/** Base64 that is broken into lines says the same as base64 in one. What is no base64 is for the API server to refuse. */
function respelled(data: Properties): Properties {
  const inOneLine = (text: Value) => (typeof text === "string" ? text.replace(/[\r\n]/g, "") : text);
  return Object.fromEntries(Object.entries(data).map(([key, text]) => [key, inOneLine(text)]));
}

/** Of a live object, what has its counterpart in a shape. */
export function pruned(live: Properties, shape: Properties): Properties {
  const entries = Object.entries(live).flatMap(([key, value]) => {
    const like = shape[key];
    if (like === undefined) return [];
    return [[key, isObject(value) && isObject(like) ? pruned(value, like) : value] as const];
  });
  return Object.fromEntries(entries);
}

/** Contents are secret, whether they were given as secrets or not, also where kubectl has written them down. */
export function withSecretContents(object: Properties): Properties {
  const marked = withSecrets(object, ["data", "stringData"]);
  if (annotations(object)[lastApplied] === undefined) return marked;
  const safe = withSecrets(annotations(object), [lastApplied]);
  return { ...marked, metadata: { ...metadata(object), annotations: safe } };
}

function withSecrets(object: Properties, keys: readonly string[]): Properties {
  const marked = keys.flatMap((key) => {
    const value = object[key];
    return value === undefined ? [] : [[key, secret(value)] as const];
  });
  return { ...object, ...Object.fromEntries(marked) };
}

/** What is stored: the live object, the inputs that it was made from, and who manages its fields. */
export function checkpoint(inputs: Properties, live: Properties, manager: string): Properties {
  return {
    ...withSecretContents(live),
    __inputs: withSecretContents(normalized(inputs)),
    __initialApiVersion: "v1",
    __fieldManager: manager,
  };
}

/** The two halves of what is stored, with no secret marks. */
export function stored(state: Properties): { inputs: Properties; live: Properties; manager?: string } {
  const { __inputs, __initialApiVersion, __fieldManager, ...live } = revealed(state);
  return {
    inputs: isObject(__inputs) ? __inputs : {},
    live,
    ...(typeof __fieldManager === "string" && { manager: __fieldManager }),
  };
}

export function metadata(object: Properties): Properties {
  return isObject(object.metadata) ? object.metadata : {};
}

/** Its name, also one that is not known yet; empty where it has none. */
export function nameOf(object: Properties): string {
  const { name } = metadata(object);
  return typeof name === "string" ? name : "";
}

export function namespaceOf(object: Properties): string {
  const { namespace } = metadata(object);
  return typeof namespace === "string" && namespace !== "" ? namespace : "default";
}

export function annotations(object: Properties): Properties {
  const { annotations } = metadata(object);
  return isObject(annotations) ? annotations : {};
}

/** Whether its name was made here, so that a replacement may have another one. */
export const isAutonamed = (object: Properties): boolean => annotations(object)[autonamed] === "true";

export function withAutoname(object: Properties, name: string): Properties {
  const marked = { ...annotations(object), [autonamed]: "true" };
  return { ...object, metadata: { ...metadata(object), name, annotations: marked } };
}

export const qualified = (object: Properties): string => `${namespaceOf(object)}/${nameOf(object)}`;

export const hasKnownName = (object: Properties): boolean =>
  nameOf(object) !== "" && !isUnknown(nameOf(object));
